import { CommandError, UsageError } from "./failure.ts";
import { type Profile, type Profiles, readProfiles } from "./profiles.ts";

/** The flags that decide which gateway a command calls. */
export type ConnectionFlags = {
  readonly url?: string;
  readonly token?: string;
  readonly profile?: string;
};

export type Connection = {
  readonly url: string;
  readonly token: string;
  /** The profile that the token comes from; null for a flag or the environment. */
  readonly profile: string | null;
  readonly tokenSource: string;
};

const LOGIN = "Set the environment variables HOOKGATE_URL and HOOKGATE_TOKEN, or run `hookgate login`.";
const DEFAULT_PROFILE = "default";

function variable(name: "HOOKGATE_URL" | "HOOKGATE_TOKEN" | "HOOKGATE_PROFILE"): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

const OF_THIS_MACHINE = /^(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i;

/** The address of a gateway without trailing slash. Without a scheme it is https, and http on this machine. */
export function parseUrl(text: string, source: string): string {
  const scheme = OF_THIS_MACHINE.test(text) ? "http" : "https";
  const withScheme = text.includes("://") ? text : `${scheme}://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new UsageError(`${source} is not the address of a gateway.`, `Write it as https://hooks.example.com.`);
  }
  if (url.username !== "" || url.password !== "") throw new UsageError(`${source} must not contain credentials.`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** A token as a header can carry it. */
export function parseToken(text: string, source: string): string {
  const token = text.trim();
  if (!/^[\u0021-\u007e]+$/.test(token)) {
    throw new UsageError(
      `${source} is not a token.`,
      token === "" ? "It is empty." : "A token has neither spaces nor letters beyond ASCII. Copy it again.",
    );
  }
  return token;
}

/** The profile that flags, environment and file select, by name. */
export function profileNameOf(flags: ConnectionFlags, { current }: Profiles): string {
  return flags.profile ?? variable("HOOKGATE_PROFILE") ?? current ?? DEFAULT_PROFILE;
}

function profileOf(flags: ConnectionFlags): (Profile & { readonly name: string }) | null {
  const profiles = readProfiles();
  const name = profileNameOf(flags, profiles);
  const profile = profiles.profiles.get(name);
  if (profile !== undefined) return { ...profile, name };
  if (flags.profile === undefined && variable("HOOKGATE_PROFILE") === undefined) return null;
  throw noProfile(name, profiles);
}

/** Says which profiles there are. */
export function noProfile(name: string, { profiles }: Profiles): CommandError {
  const known = [...profiles.keys()];
  return new CommandError(
    `There is no profile "${name}".`,
    known.length === 0
      ? LOGIN
      : `The profiles are: ${known.join(", ")}. \`hookgate login --profile ${name}\` adds one.`,
  );
}

/** The URL and token that flags or environment give. `--profile` wins over the environment. */
export function givenConnection(flags: ConnectionFlags): { url?: string; token?: string; tokenSource: string } {
  const isFree = flags.profile === undefined;
  const url = flags.url ?? (isFree ? variable("HOOKGATE_URL") : undefined);
  const token = flags.token ?? (isFree ? variable("HOOKGATE_TOKEN") : undefined);
  return {
    ...(url === undefined ? {} : { url: parseUrl(url, flags.url === undefined ? "HOOKGATE_URL" : "--url") }),
    ...(token === undefined
      ? {}
      : { token: parseToken(token, flags.token === undefined ? "HOOKGATE_TOKEN" : "--token") }),
    tokenSource: flags.token === undefined ? "HOOKGATE_TOKEN" : "--token",
  };
}

/**
 * The gateway and token of a command: flags, then environment, then profile. The token of a profile is sent to the URL
 * of that profile only.
 */
export function connectionOf(flags: ConnectionFlags): Connection {
  const { url, token, tokenSource } = givenConnection(flags);
  if (url !== undefined && token !== undefined) return { url, token, tokenSource, profile: null };
  const profile = profileOf(flags);
  const address = url ?? profile?.url;
  if (address === undefined) {
    const missing = "Set the environment variable HOOKGATE_URL, or run `hookgate login`.";
    throw new CommandError("The address of the gateway is not set.", token === undefined ? LOGIN : missing);
  }
  if (token !== undefined) return { url: address, token, tokenSource, profile: null };
  if (profile === null) {
    throw new CommandError(
      `No API token is set for ${address}.`,
      "Set the environment variable HOOKGATE_TOKEN, or run `hookgate login`.",
    );
  }
  if (profile.url !== address) {
    throw new CommandError(
      `There is no token for ${address}: the profile "${profile.name}" is for ${profile.url}.`,
      `Set the environment variable HOOKGATE_TOKEN, or run \`hookgate login --url ${address} --profile NAME\`.`,
    );
  }
  return { url: address, token: profile.token, profile: profile.name, tokenSource: `profile ${profile.name}` };
}
