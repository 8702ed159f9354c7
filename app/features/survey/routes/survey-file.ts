import { z } from "zod";
import { fileLoader } from "#app/request/file.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { surveySheets } from "#app/features/survey/workbook.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid } from "#app/platform/fields.ts";
import { workbookType } from "#app/platform/workbook.server.ts";
import { xlsxBytes } from "#app/platform/xlsx.server.ts";

/** The survey as a workbook, of what the caller may see. */
export const loader = fileLoader(
  { at: "/projects/:projectId/survey.xlsx", params: z.object({ projectId: uuid() }) },
  async ({ read, actor, params, locale }) => {
    const { code, sheets } = await read(async (tx) => {
      const project = await loadProject(tx, params.projectId);
      return { code: project.code, sheets: await surveySheets(tx, actor, project.id, locale) };
    });
    return { name: m.survey_file_name({ code }), type: workbookType, body: await xlsxBytes(sheets) };
  },
);
