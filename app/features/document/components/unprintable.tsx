import type { SerializeFrom } from "@remix-run/node";
import type { Unprintable as Place } from "#app/features/document/printable.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";

/** Before anybody seals it: which characters a printed file will not have, and where they stand. */
export function Unprintable({ places }: { places: SerializeFrom<Place[]> | undefined }) {
  if (!places || places.length === 0) return null;
  return (
    <Notice tone="due" title={m.seal_unprintable()}>
      <p>{m.seal_unprintable_text()}</p>
      <ul>
        {places.map(({ place, characters }) => (
          <li key={place ?? ""}>
            {m.seal_unprintable_place({ place: place ?? m.seal_unprintable_names(), characters })}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
