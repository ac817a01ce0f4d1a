import { CommandPalette as Palette } from "@cloudflare/kumo/components/command-palette";
import { Dialog } from "@cloudflare/kumo/components/dialog";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { unwrap } from "../../../client/index.ts";
import { isAllowed } from "../../../model/token.ts";
import { client } from "../../api/client.ts";
import { destinationsQuery, integrationsQuery, routesQuery } from "../../api/names.ts";
import { useDebounced } from "../../ui/use-debounced.ts";
import { sessionQuery } from "../../session/session.ts";
import { type Command, type CommandGroup, commandsFor } from "./commands.ts";

/** Waits until typing pauses, and until a text is long enough to say something: each search makes the gateway read rows. */
const PAUSE_MS = 250;
const MIN_LENGTH = 2;

function searchQuery(q: string) {
  return queryOptions({
    queryKey: ["search", q],
    queryFn: async ({ signal }) => unwrap(await client.search.get({ q }, { signal })).data,
    enabled: q.length >= MIN_LENGTH,
    placeholderData: keepPreviousData,
  });
}

type CommandPaletteProps = {
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly onClose: () => void;
};

/** Everything that the dashboard has, by typing. */
export function CommandPalette({ text, onType, onClose }: CommandPaletteProps) {
  const router = useRouter();
  const wanted = useDebounced(text.trim(), PAUSE_MS);
  const { data: session } = useQuery(sessionQuery);
  const { data: integration = [] } = useQuery(integrationsQuery);
  const { data: destination = [] } = useQuery(destinationsQuery);
  const { data: route = [] } = useQuery(routesQuery);
  const search = useQuery(searchQuery(wanted));
  const groups = commandsFor({
    text,
    may: (needed) => session !== undefined && isAllowed(session.scopes, needed),
    named: { integration, destination, route },
    found: text.trim().length < MIN_LENGTH ? [] : (search.data ?? []),
  });
  const open = ({ href }: Command, inNewTab: boolean): void => {
    onClose();
    if (inNewTab) window.open(href, "_blank", "noopener");
    else router.history.push(href);
  };
  const isSearching = search.isFetching || wanted !== text.trim();
  return (
    <Palette.Root<CommandGroup, Command>
      open
      onOpenChange={(next) => (next ? undefined : onClose())}
      items={[...groups]}
      value={text}
      onValueChange={onType}
      itemToStringValue={({ label }) => label}
      getSelectableItems={(all) => all.flatMap(({ items }) => items)}
      onSelect={(chosen) => open(chosen, true)}
    >
      <Dialog.Title className="visually-hidden">Search or go to</Dialog.Title>
      <Palette.Input placeholder="A page, a name, an id, or words of an event" maxLength={200} spellCheck={false} />
      <Palette.List>
        <Palette.Results>
          {({ label, items }: CommandGroup) => (
            <Palette.Group key={label} items={[...items]}>
              <Palette.GroupLabel>{label}</Palette.GroupLabel>
              <Palette.Items>
                {(item: Command) => (
                  <Palette.Item
                    key={item.id}
                    value={item}
                    onClick={(event) => open(item, event.metaKey || event.ctrlKey)}
                  >
                    <bdi className="palette-title">{item.title}</bdi>
                    <span className="palette-kind">{item.kind}</span>
                  </Palette.Item>
                )}
              </Palette.Items>
            </Palette.Group>
          )}
        </Palette.Results>
      </Palette.List>
      <Palette.Footer>
        <span className="palette-keys">
          <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> opens <kbd>Esc</kbd> closes
        </span>
        <span role="status">{text.trim() !== "" && isSearching ? "Searching…" : ""}</span>
      </Palette.Footer>
    </Palette.Root>
  );
}
