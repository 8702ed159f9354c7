import { z } from "zod";
import { fileLoader } from "#app/request/file.server.ts";
import { permissionsWorkbook } from "../permissions.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { workbookType } from "#app/platform/workbook.server.ts";

/** The whole table, whatever the page is filtered by. */
export const loader = fileLoader({ at: "/permissions.xlsx", params: z.object({}) }, async ({ locale }) => ({
  name: `${m.permissions_title({}, { locale })}.xlsx`,
  type: workbookType,
  body: await permissionsWorkbook(locale),
}));
