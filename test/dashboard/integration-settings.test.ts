import { describe, expect, it } from "vitest";
import type { Integration, IntegrationAuth } from "../../src/client/index.ts";
import {
  NO_AUTH,
  SCHEMES,
  authDraftOf,
  authInputOf,
  keepsSecret,
} from "../../src/dashboard/integrations/auth-draft.ts";
import { changeOf, draftOf, localErrors } from "../../src/dashboard/integrations/draft.ts";
import { INBOUND_SCHEMES, SIGNATURE_SCHEMES } from "../../src/signing/schemes/registry.ts";

const INTEGRATION: Integration = {
  id: "int_1",
  name: "Monitoring",
  external_id: null,
  managed_by: null,
  type: "pagertree",
  enabled: true,
  url: "https://gateway.example/integration/int_1",
  auth: { type: "token", header: "pagertree-token" },
  allowed_ips: null,
  options: { title_template: null, capture_additional_data: false, expect_every_minutes: null },
  response: null,
  rate_limit: null,
  handshake: null,
  transformation_id: null,
  shard: 0,
  last_event_at: null,
  last_rejection: null,
  created_at: "2026-05-01T10:00:00.000Z",
  updated_at: "2026-05-01T10:00:00.000Z",
};

describe("the signature schemes of the form", () => {
  it("are those of the gateway, and say which secrets the vendor issues", () => {
    expect(SCHEMES.map(({ value }) => value).toSorted()).toEqual(SIGNATURE_SCHEMES.toSorted());
    for (const { value, isIssued } of SCHEMES) {
      expect([value, isIssued]).toEqual([value, (INBOUND_SCHEMES[value].secret?.generated_prefix ?? null) === null]);
    }
  });
});

describe("the authentication of an integration", () => {
  it.each<IntegrationAuth>([
    { type: "none" },
    { type: "token", header: "x-token" },
    { type: "bearer" },
    { type: "basic", username: "ann" },
    { type: "signature", scheme: "github" },
    {
      type: "signature",
      scheme: "hmac",
      header: "x-sig",
      algorithm: "sha512",
      encoding: "base64",
      prefix: "v1=",
      template: "{{timestamp}}.{{body}}",
      timestamp_header: "x-time",
      id_header: null,
      signature_field: null,
      timestamp_field: null,
      idempotent: false,
    },
  ])("%j is sent back as it was, without a secret", (auth) => {
    expect(authInputOf(authDraftOf(auth))).toEqual(auth);
  });

  it("keeps its secret only within its type and scheme", () => {
    const github = authDraftOf({ type: "signature", scheme: "github" });
    expect(keepsSecret(null, github)).toBe(false);
    expect(keepsSecret(github, { ...github, scheme: "hmac" })).toBe(false);
    expect(keepsSecret(github, { ...github, header: "x" })).toBe(true);
    expect(keepsSecret(NO_AUTH, { ...NO_AUTH, type: "bearer" })).toBe(false);
  });
});

describe("a change of an integration", () => {
  const before = draftOf(INTEGRATION);
  const change = (part: Partial<typeof before>) => changeOf("pagertree", before, { ...before, ...part });

  it("has only what differs", () => {
    expect(change({})).toEqual({});
    expect(change({ name: "Other", allowed_ips: "192.0.2.0/24, 203.0.113.7" })).toEqual({
      name: "Other",
      allowed_ips: ["192.0.2.0/24", "203.0.113.7"],
    });
    expect(change({ rate_requests: "5" })).toEqual({ rate_limit: { requests: 5, period_seconds: 60 } });
    expect(change({ response: '{"status": 202}' })).toEqual({ response: { status: 202 } });
  });

  it("has the options of its type together, with null for an empty one", () => {
    const options = { ...before.options, expect_every_minutes: "30", child_key: "of another type" };
    expect(change({ options }).options).toEqual({
      title_template: null,
      description_template: null,
      wrapper_key: null,
      default_urgency: null,
      capture_additional_data: false,
      expect_every_minutes: 30,
    });
  });

  it("takes a rule set away if it has rules of its own, and the other way round", () => {
    const ruled = draftOf({ ...INTEGRATION, type: "rules", options: { rule_set: "grafana" } });
    const own = { ...ruled, options: { ...ruled.options, rule_set: "", rules: '{"rules": []}' } };
    expect(changeOf("rules", ruled, own).options).toMatchObject({ rule_set: null, rules: [], default: null });
    expect(changeOf("rules", own, ruled).options).toMatchObject({ rule_set: "grafana", rules: null, default: null });
  });

  it("is not sent with a number or JSON that is none", () => {
    const draft = { ...before, rate_requests: "many", response: "{", handshake: '{"a": 1}' };
    expect([...localErrors("pagertree", draft).keys()]).toEqual(["rate_limit.requests", "response"]);
    const rules = { ...before.options, rule_set: "", rules: "[]", expect_every_minutes: "soon" };
    expect([...localErrors("rules", { ...before, options: rules }).keys()]).toEqual([
      "options.expect_every_minutes",
      "options",
    ]);
  });
});
