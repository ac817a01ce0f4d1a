import { describe, expect, it } from "vitest";
import { ALERT, eventOf, render } from "./events.ts";

describe("the preset of Slack", () => {
  it("is a text with an attachment of blocks, coloured by what happened", async () => {
    const { body, content_type } = await render("slack", eventOf("alert.created"));
    expect(content_type).toBe("application/json");
    expect(body.text).toBe("[Alert] Disk full");
    expect(body.mrkdwn).toBe(false);
    const [attachment] = body.attachments;
    expect(attachment.color).toBe("#d72c2c");
    expect(attachment.blocks[0].text).toEqual({ type: "plain_text", text: "Only 2 % left.\nClean up.", emoji: false });
    expect(attachment.blocks[1].fields.map((field: { text: string }) => field.text)).toEqual([
      "Status: open",
      "Urgency: high",
      "Key: disk-1",
      "Tags: disk, prod",
      "Incident: SEV-2 Shop is down",
      "Repeats: 2",
      "Mount: /var",
      "Dashboard: https://grafana.example.com/d/1?a=1&amp;b=2",
    ]);
    expect(attachment.blocks[2].text.text).toBe(
      "<https://grafana.example.com/d/1?a=1&amp;b=2|Open on grafana.example.com>",
    );
    expect((await render("slack", eventOf("alert.resolved"))).body.attachments[0].color).toBe("#2ea043");
  });

  it("keeps to the limit of a section, and cuts no entity apart", async () => {
    const { body } = await render("slack", eventOf("alert.created", { ...ALERT, description: "&".repeat(5_000) }));
    const { text } = body.attachments[0].blocks[0].text;
    expect(text.length).toBeLessThanOrEqual(3_000);
    expect(text).toMatch(/^(?:&amp;)+…$/);
  });
});

describe("the preset of Discord", () => {
  it("is an embed that notifies nobody", async () => {
    const { body } = await render("discord", eventOf("alert.acknowledged"));
    expect(body.allowed_mentions).toEqual({ parse: [] });
    expect(body.embeds).toHaveLength(1);
    expect(body.embeds[0]).toMatchObject({
      title: String.raw`\[Acknowledged\] Disk full`,
      description: "Only 2 % left.\nClean up.",
      url: "https://grafana.example.com/d/1?a=1&b=2",
      color: 0x1f6feb,
      timestamp: "2026-11-20T10:00:00.000Z",
    });
    expect(body.embeds[0].fields[0]).toEqual({ name: "Status", value: "open", inline: true });
  });

  it("keeps to the limits of an embed and of a message", async () => {
    const long = "*".repeat(9_000);
    const additional_data = Array.from({ length: 20 }, () => ({ format: "text", label: long, value: long }) as const);
    const alert = { ...ALERT, title: long, description: long, key: long, additional_data };
    const [embed] = (await render("discord", eventOf("alert.created", alert))).body.embeds;
    expect(embed.title.length).toBeLessThanOrEqual(256);
    expect(embed.description.length).toBeLessThanOrEqual(4_096);
    expect(embed.fields.length).toBeLessThanOrEqual(25);
    let total = embed.title.length + embed.description.length + embed.footer.text.length;
    for (const { name, value } of embed.fields) {
      expect(name.length).toBeLessThanOrEqual(256);
      expect(value.length).toBeLessThanOrEqual(1_024);
      total += name.length + value.length;
    }
    expect(total).toBeLessThanOrEqual(6_000);
  });
});

describe("the preset of Microsoft Teams", () => {
  it("is a message with one Adaptive Card, its texts in runs that know no Markdown", async () => {
    const { body, text } = await render("teams", eventOf("alert.created"));
    expect(body.type).toBe("message");
    const [{ contentType, contentUrl, content }] = body.attachments;
    expect([contentType, contentUrl]).toEqual(["application/vnd.microsoft.card.adaptive", null]);
    expect(content).toMatchObject({ type: "AdaptiveCard", version: "1.4" });
    expect(content.body[0].inlines[0]).toMatchObject({
      type: "TextRun",
      text: "[Alert] Disk full",
      color: "Attention",
    });
    expect(content.actions[0]).toMatchObject({
      type: "Action.OpenUrl",
      url: "https://grafana.example.com/d/1?a=1&b=2",
    });
    expect(text).not.toContain('"TextBlock"');
    expect(text).not.toContain('"FactSet"');
  });

  it("stays below 28 KB", async () => {
    const description = "漢\n".repeat(30_000);
    const { text } = await render(
      "teams",
      eventOf("alert.created", { ...ALERT, description, title: '"'.repeat(9_000) }),
    );
    expect(new TextEncoder().encode(text).byteLength).toBeLessThan(28_000);
    const solid = { ...ALERT, description: "漢".repeat(30_000), key: "漢".repeat(900) };
    const second = await render("teams", eventOf("alert.created", solid));
    expect(new TextEncoder().encode(second.text).byteLength).toBeLessThan(28_000);
  });
});

describe("the preset of Google Chat", () => {
  it("is a card below our own heading, with a text for notifications", async () => {
    const { body } = await render("google-chat", eventOf("alert.created", { ...ALERT, title: "a <b> & c" }));
    expect(body.fallbackText).toBe("[Alert] a &lt;b&gt; &amp; c");
    const { card } = body.cardsV2[0];
    expect(card.header).toEqual({ title: "Alert", subtitle: "evt_1 · 2026-11-20T10:00:00.000Z" });
    const [heading, description, status] = card.sections[0].widgets;
    expect(heading).toEqual({ textParagraph: { text: "<b>a &lt;b&gt; &amp; c</b>" } });
    expect(description).toEqual({ textParagraph: { text: "Only 2 % left.\nClean up." } });
    expect(status.decoratedText).toMatchObject({ topLabel: "Status", text: "open" });
    expect(card.sections[0].widgets.at(-1).buttonList.buttons[0].onClick.openLink.url).toBe(
      "https://grafana.example.com/d/1?a=1&b=2",
    );
  });

  it("stays below 32,000 bytes", async () => {
    const alert = { ...ALERT, description: "漢".repeat(30_000), title: "漢".repeat(900), key: "漢".repeat(900) };
    const { text } = await render("google-chat", eventOf("alert.created", alert));
    expect(new TextEncoder().encode(text).byteLength).toBeLessThan(32_000);
  });
});

describe("the preset of Telegram", () => {
  it("is a call of sendMessage in HTML", async () => {
    const { body, url } = await render("telegram", eventOf("alert.created", { ...ALERT, title: "a <b> & @all" }), {
      chat_id: "-1001",
      message_thread_id: "7",
    });
    expect(url).toBeUndefined();
    expect(body).toMatchObject({ chat_id: "-1001", message_thread_id: 7, parse_mode: "HTML" });
    const [heading, ...rest] = body.text.split("\n\n");
    expect(heading).toBe("<b>[Alert] a &lt;b&gt; &amp; @\u200ball</b>");
    expect(rest.at(-1)).toBe('<a href="https://grafana.example.com/d/1?a=1&amp;b=2">Open on grafana.example.com</a>');
  });

  it("keeps to 4,096 characters with its tags whole", async () => {
    const long = "<&>".repeat(9_000);
    const additional_data = Array.from({ length: 20 }, () => ({ format: "text", label: long, value: long }) as const);
    const alert = { ...ALERT, title: long, description: long, key: long, additional_data };
    const { text } = (await render("telegram", eventOf("alert.created", alert), { chat_id: "1" })).body;
    expect(text.length).toBeLessThanOrEqual(4_096);
    expect(text.replace(/^<b>[^<>]*<\/b>/, "")).not.toMatch(/[<>]/);
    expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
  });

  it("can keep the bot's token out of the URL that is on record", async () => {
    const options = { chat_id: "1", bot_token: "123:abcdefghijklmnopqrstuvwxyz" };
    const { url, text } = await render("telegram", eventOf("test"), options, "https://api.telegram.org");
    expect(url).toBe("https://api.telegram.org/bot123:abcdefghijklmnopqrstuvwxyz/sendMessage");
    expect(text).not.toContain("abcdefgh");
  });
});
