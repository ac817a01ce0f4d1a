import type { ReactNode } from "react";
import { CopyButton } from "../../ui/copy-button.tsx";
import { TextBlock } from "../../ui/text-block.tsx";
import { type Known, fillIn } from "./guide.ts";
import type { Block, Inline } from "./markdown.ts";

type GuideViewProps = { readonly blocks: readonly Block[]; readonly known: Known };

/** The steps of a guide as elements, with what is known of the integration filled in. */
export function GuideView({ blocks, known }: GuideViewProps) {
  return (
    <div className="guide">
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} number={index + 1} known={known} />
      ))}
    </div>
  );
}

type BlockViewProps = { readonly block: Block; readonly number: number; readonly known: Known };

function BlockView({ block, number, known }: BlockViewProps) {
  const inline = (content: readonly Inline[]): ReactNode => <InlineView content={content} known={known} />;
  switch (block.kind) {
    case "paragraph":
      return <p>{inline(block.content)}</p>;
    case "code": {
      const text = fillIn(block.text, known);
      return (
        <div className="command">
          <TextBlock label={`Text ${number}`} text={text} />
          <CopyButton label="Copy text" text={() => text} />
        </div>
      );
    }
    case "list": {
      const items = block.items.map((item, index) => <li key={index}>{inline(item)}</li>);
      return block.isOrdered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case "table":
      return (
        <div className="table-scroller" role="region" aria-label={`Table ${number}`} tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                {block.head.map((cell, index) => (
                  <th key={index} scope="col">
                    {inline(cell)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column}>{inline(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

type InlineViewProps = { readonly content: readonly Inline[]; readonly known: Known };

function InlineView({ content, known }: InlineViewProps) {
  return content.map((part, index) => <Part key={index} part={part} known={known} />);
}

function Part({ part, known }: { readonly part: Inline; readonly known: Known }) {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return <code>{fillIn(part.text, known)}</code>;
    case "strong":
      return (
        <strong>
          <InlineView content={part.content} known={known} />
        </strong>
      );
    case "emphasis":
      return (
        <em>
          <InlineView content={part.content} known={known} />
        </em>
      );
    case "link": {
      const text = <InlineView content={part.content} known={known} />;
      // Another page of the documentation is not served by the gateway.
      if (!part.href.startsWith("https://")) return text;
      return (
        <a href={part.href} target="_blank" rel="noopener noreferrer">
          {text}
        </a>
      );
    }
  }
}
