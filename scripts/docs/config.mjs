import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { reportFiles } from "../licenses/packages.mjs";
import { readPages, sectionsOf } from "./contents.mjs";
import { BASE } from "./source.mjs";

const STYLES_FILE = "styles.css";

/** The list of the files that the site's code was made of. It lies beside the built site. */
export const FILES_OF_BUNDLE = "files.json";

/** Attributes that VitePress writes and the Content-Security-Policy refuses. The scripts of the page set them again. */
const STYLE_ATTRIBUTES = / style="(?:position:relative;|--vp-vh:0px;)"/g;

/** The styles of code, each a class of its own: the Content-Security-Policy allows no `style` attribute. */
class CodeStyles {
  /** @type {Map<string, string>} */
  #classes = new Map();

  /** Puts a class in the place of a style. @param {{ properties: Record<string, unknown> }} element */
  apply({ properties }) {
    const { style, class: own } = properties;
    if (typeof style !== "string") return;
    const name = this.#classes.get(style) ?? `code-${this.#classes.size}`;
    this.#classes.set(style, name);
    delete properties["style"];
    properties["class"] = [own, name].filter((each) => typeof each === "string").join(" ");
  }

  get css() {
    return [...this.#classes].map(([style, name]) => `.${name}{${style}}`).join("\n");
  }
}

/**
 * The configuration of VitePress for pages in `srcDir`.
 * @param {string} root
 * @param {string} srcDir
 * @param {string} outDir
 * @returns {import("vitepress").UserConfig<import("vitepress").DefaultTheme.Config>}
 */
export function siteConfig(root, srcDir, outDir) {
  const styles = new CodeStyles();
  const pages = readPages(root);
  const link = (/** @type {string} */ address) => `/${address.replace(/(^|\/)index$/, "$1")}`;
  return {
    base: BASE,
    srcDir,
    outDir,
    title: "Hookgate",
    description: "A webhook gateway on Cloudflare Workers",
    lang: "en",
    cleanUrls: true,
    // Files that pages link to are no pages. The test of the documents knows whether they exist.
    ignoreDeadLinks: [/^http:\/\/localhost/, /\.(?:go|js|json|mjs|py|rb|toml|ts)$/],
    // The data of the site would be an inline script, which is another one after each change of a page.
    metaChunk: true,
    // It would insert a `<style>` for a moment, which the Content-Security-Policy refuses.
    appearance: { disableTransition: false },
    head: [
      ["link", { rel: "icon", type: "image/svg+xml", href: "/favicon.svg" }],
      ["link", { rel: "stylesheet", href: BASE + STYLES_FILE }],
    ],
    markdown: {
      theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
      codeTransformers: [{ pre: (node) => styles.apply(node), span: (node) => styles.apply(node) }],
      config(markdown) {
        const { text, code_inline: code } = markdown.renderer.rules;
        if (text === undefined || code === undefined) throw new Error("markdown-it has no rules for text and code");
        // Vue would evaluate what stands between braces.
        markdown.renderer.rules.text = (...args) => text(...args).replaceAll("{{", "&#123;&#123;");
        markdown.renderer.rules.code_inline = (...args) => code(...args).replace(/^<code(?! v-pre)/, "<code v-pre");
      },
    },
    vite: {
      plugins: [reportFiles((files) => writeFileSync(join(dirname(outDir), FILES_OF_BUNDLE), JSON.stringify(files)))],
    },
    transformHtml: (code) => code.replaceAll(STYLE_ATTRIBUTES, ""),
    buildEnd: () => writeFileSync(join(outDir, STYLES_FILE), `.vp-doc{position:relative}\n${styles.css}\n`),
    themeConfig: {
      search: { provider: "local" },
      outline: [2, 3],
      nav: [
        { text: "Start here", link: "/start-here/" },
        { text: "Concepts", link: "/concepts" },
        { text: "API", link: "/api" },
      ],
      sidebar: sectionsOf(pages).map(({ title, pages: inside }, index) => ({
        text: title,
        collapsed: index > 1,
        items: inside.map((page) => ({ text: page.title, link: link(page.address) })),
      })),
    },
  };
}
