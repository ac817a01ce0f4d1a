import { expect, it } from "vitest";
import { publicUrls } from "../../src/signing/public-urls.ts";

const OWN = "https://inner.example/integration/int_1?a=b%20c";
const PATH = "/integration/int_1?a=b%20c";

const urls = (headers: Record<string, string>) =>
  publicUrls({ url: new URL(OWN), headers: new Headers(headers) }).map(({ href }) => href);

it.each<readonly [Record<string, string>, readonly string[]]>([
  [{}, [OWN]],
  [{ "x-forwarded-proto": "https" }, [OWN]],
  [{ "x-forwarded-proto": "http, https" }, [OWN, `http://inner.example${PATH}`]],
  [{ "x-forwarded-host": "hooks.example, inner.example" }, [OWN, `https://hooks.example${PATH}`]],
  [
    { "x-forwarded-host": "hooks.example", "x-forwarded-port": "8443" },
    [OWN, `https://hooks.example${PATH}`, `https://hooks.example:8443${PATH}`],
  ],
  [{ "x-forwarded-host": "hooks.example", "x-forwarded-port": "443" }, [OWN, `https://hooks.example${PATH}`]],
  [{ "x-forwarded-host": "hooks.example:9", "x-forwarded-port": "8443" }, [OWN, `https://hooks.example:9${PATH}`]],
  [{ "x-forwarded-port": "8443" }, [OWN, `https://inner.example:8443${PATH}`]],
  [{ forwarded: "for=192.0.2.1;proto=https;host=hooks.example" }, [OWN, `https://hooks.example${PATH}`]],
  [
    { forwarded: 'For="[2001:db8::1]"; Host="hooks.example:8443", for=10.0.0.1' },
    [OWN, `https://hooks.example:8443${PATH}`],
  ],
  [{ forwarded: "for=192.0.2.1" }, [OWN]],
  [{ "x-forwarded-host": "not a host", "x-forwarded-port": "x" }, [OWN]],
  [{ "x-forwarded-proto": "javascript", "x-forwarded-host": "" }, [OWN, `javascript://inner.example${PATH}`]],
])("the addresses that %j names", (headers, expected) => {
  expect(urls(headers)).toEqual(expected);
});
