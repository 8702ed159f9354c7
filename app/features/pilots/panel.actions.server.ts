import { intent, pageAction } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { interestsSchema } from "./panel.schema.ts";
import { declareInterests } from "./panel.server.ts";

/** A member of a panel declares their interests: of the office on the page of the batch, from outside on that of their nominations. */
export const declareIntent = intent({
  schema: interestsSchema,
  run: async ({ tx, actor, input }) => {
    await declareInterests(tx, actor, input);
    return { notice: m.pilots_panel_declared() };
  },
});

/** What can be done on the list of pilots: by whoever scores nominations. */
export const pilotsAction = pageAction({ at: "/pilots" }, { declare: declareIntent });
