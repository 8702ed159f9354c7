import { z } from "zod";
import { comparisonFilter } from "#app/features/compare/compare.schema.ts";
import { comparison } from "#app/features/compare/comparison.server.ts";
import { nationalComparison } from "#app/features/compare/national-comparison.server.ts";
import { replaceable } from "#app/features/compare/replaceable.server.ts";
import { comparisonWorkbook, nationalWorkbook } from "#app/features/compare/workbook.server.ts";
import { fileLoader } from "#app/request/file.server.ts";
import { parseSearch } from "#app/request/asker.server.ts";
import { currentProgramme } from "#app/features/programme/programme.server.ts";
import { ownProject } from "#app/features/project/project.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { notFound } from "#app/platform/errors.ts";
import { workbookType } from "#app/platform/workbook.server.ts";

/** The comparison as the page shows it, as a workbook; the same parameters. */
export const loader = fileLoader(
  { at: "/comparison.xlsx", params: z.object({}) },
  async ({ request, actor, locale, read }) => {
    const filter = parseSearch(comparisonFilter, request);
    const body = await read(async (tx) => {
      if (actor.level === "national") {
        const programme = await currentProgramme(tx);
        if (!programme) throw notFound({ logMessage: "no programme" });
        return nationalWorkbook(await nationalComparison(tx, actor, programme.id, filter.batch ?? 1), locale);
      }
      const project = await ownProject(tx, actor);
      if (!project) throw notFound({ logMessage: "no project" });
      return comparisonWorkbook(
        tx,
        actor,
        project.id,
        await comparison(tx, actor, project.id, filter),
        await replaceable(tx, actor, project.id, filter),
        locale,
      );
    });
    const what = filter.awaiting && actor.level !== "national" ? `-${m.compare_awaiting({}, { locale })}` : "";
    return { name: `${m.compare_file_name({}, { locale })}${what}-${actor.tenantCode}.xlsx`, type: workbookType, body };
  },
);
