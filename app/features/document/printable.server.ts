import type { Locale } from "#app/i18n/locale.ts";
import { unprintable } from "#app/pdf/printable.server.ts";
import type { ContentShape } from "./difference.rules.ts";
import { type OwnWords, textsWith } from "./difference.server.ts";

/** A place whose text holds characters that no font of ours has: on paper a 〓 stands for each. */
export interface Unprintable {
  /** Null for a place without a name of its own, such as the name of a site. */
  place: string | null;
  characters: string;
}

/** What of a content cannot be printed, for whoever is about to seal it; each place once. */
export function unprintableIn(
  content: unknown,
  of: { shape: ContentShape; words?: OwnWords; locale: Locale },
): Unprintable[] {
  const places = new Map<string | null, Set<string>>();
  const found = textsWith(content, of, (text) => {
    const characters = unprintable(text);
    return characters.length === 0 ? null : characters;
  });
  for (const { place, found: characters } of found) {
    const known = places.get(place) ?? new Set<string>();
    for (const character of characters) known.add(character);
    places.set(place, known);
  }
  return [...places].map(([place, characters]) => ({ place, characters: [...characters].join(" ") }));
}
