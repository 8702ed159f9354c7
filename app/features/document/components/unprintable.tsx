import type { SerializeFrom } from "@remix-run/node";
import type { Unprintable as Place } from "#app/features/document/printable.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";

/** Who lacks the font does not see it either: its number beside it. */
const numbered = (characters: string): string =>
  [...characters]
    .map((c) => `${c} (U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")})`)
    .join(" ");

/** Before anybody seals it: which characters a printed file will not have, and where they stand. */
export function Unprintable({ places }: { places: SerializeFrom<Place[]> | undefined }) {
  if (!places || places.length === 0) return null;
  return (
    <Notice tone="due" title={m.seal_unprintable()}>
      <p>{m.seal_unprintable_text()}</p>
      <ul>
        {places.map(({ place, characters }) => (
          <li key={place ?? ""}>
            {m.seal_unprintable_place({
              place: place ?? m.seal_unprintable_names(),
              characters: numbered(characters),
            })}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
