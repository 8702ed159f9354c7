import { z } from "zod";
import { intent, pageAction } from "#app/request/page.server.ts";
import { eventSchema } from "#app/features/workflow/workflow.schema.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { invalid } from "#app/platform/errors.ts";
import { expectedVersion, uuid } from "#app/platform/fields.ts";
import { storageOf } from "#app/platform/storage.server.ts";
import {
  addClause,
  createEdition,
  moveClause,
  removeClause,
  removeEvidence,
  saveClause,
  saveFrontMatter,
} from "./editing.server.ts";
import { loadSpecification } from "./edition.server.ts";
import { importFromDrafts } from "./import.server.ts";
import {
  approve,
  closeConsultation,
  openConsultation,
  proposeConsultation,
  printEdition,
  publish,
  reopenReview,
  returnToDrafting,
  settleComment,
  supersede,
  withdraw,
} from "./publication.server.ts";
import {
  consultationSchema,
  editClauseSchema,
  frontMatterSchema,
  importSchema,
  nationalClauseSchema,
  publishSchema,
  settleSchema,
} from "./specification.schema.ts";

const params = z.object({ specificationId: uuid() });
const idOf = (p: unknown) => (p as z.output<typeof params>).specificationId;
const page = (id: string, search = "") => `/national/specifications/${id}${search}`;

const text = {
  addClause: intent({
    schema: nationalClauseSchema,
    run: async ({ tx, actor, params: p, input }) => {
      const clauseId = await addClause(tx, actor, { specificationId: idOf(p), ...input });
      return { to: page(idOf(p), `?clause=${clauseId}`) };
    },
  }),
  saveClause: intent({
    schema: editClauseSchema,
    run: async ({ tx, actor, input }) => {
      await saveClause(tx, actor, input);
      return { notice: m.specification_clause_saved() };
    },
  }),
  moveClause: intent({
    schema: z.object({ clauseId: uuid(), direction: z.enum(["up", "down"], { error: "error_field_choice" }) }),
    run: async ({ tx, actor, input }) => {
      await moveClause(tx, actor, input);
      return { notice: m.specification_clause_moved() };
    },
  }),
  removeClause: intent({
    schema: z.object({ clauseId: uuid() }),
    run: async ({ tx, actor, params: p, input }) => {
      await removeClause(tx, actor, input);
      return { to: page(idOf(p)) };
    },
  }),
  removeEvidence: intent({
    schema: z.object({ evidenceId: uuid() }),
    run: async ({ tx, actor, input }) => {
      await removeEvidence(tx, actor, input);
      return { notice: m.specification_evidence_removed() };
    },
  }),
  frontMatter: intent({
    schema: frontMatterSchema,
    run: async ({ tx, actor, params: p, input }) => {
      await saveFrontMatter(tx, actor, { specificationId: idOf(p), ...input });
      return { notice: m.specification_front_saved() };
    },
  }),
  import: intent({
    schema: importSchema,
    run: async ({ tx, actor, params: p, input }) => ({
      notice: m.specification_imported({
        ...(await importFromDrafts(tx, actor, { specificationId: idOf(p), ...input })),
      }),
    }),
  }),
};

const course = {
  proposeConsultation: intent({
    schema: consultationSchema,
    run: async ({ tx, actor, params: p, input }) => {
      await proposeConsultation(tx, actor, { specificationId: idOf(p), ...input });
      return { notice: m.specification_consult_proposed() };
    },
  }),
  openConsultation: intent({
    schema: consultationSchema.extend({ expectedVersion: expectedVersion() }),
    run: async ({ tx, actor, params: p, input, locale }) => {
      await openConsultation(tx, actor, { specificationId: idOf(p), ...input, locale });
      return { notice: m.specification_acted() };
    },
  }),
  settle: intent({
    schema: settleSchema,
    run: async ({ tx, actor, input }) => {
      await settleComment(tx, actor, input);
      return { notice: m.specification_comment_settled() };
    },
  }),
  publish: intent({
    schema: publishSchema,
    stepUp: true,
    prepare: ({ read, heavy, actor, params: p, input, locale, context }) =>
      heavy(() =>
        printEdition(read, actor, { specificationId: idOf(p), ...input, locale, storage: storageOf(context.env) }),
      ),
    run: async ({ tx, actor, params: p, input, locale, prepared }) => {
      await publish(tx, actor, { specificationId: idOf(p), ...input, locale, printed: prepared });
      return { notice: m.specification_acted() };
    },
  }),
  newEdition: intent({
    schema: z.object({}),
    run: async ({ tx, actor, params: p }) => ({
      to: page(await createEdition(tx, actor, { specificationId: idOf(p) })),
    }),
  }),
  act: intent({
    schema: eventSchema.extend({
      type: z.enum(["CLOSE_CONSULTATION", "APPROVE", "REOPEN_REVIEW", "RETURN_TO_DRAFTING", "SUPERSEDE", "WITHDRAW"], {
        error: "error_field_choice",
      }),
    }),
    // What seals the text, or takes it out of force.
    stepUp: ({ type }) => type === "APPROVE" || type === "SUPERSEDE" || type === "WITHDRAW",
    run: async ({ tx, actor, params: p, input, locale }) => {
      const step = { specificationId: idOf(p), expectedVersion: input.expectedVersion, locale };
      const reason = input.reason ?? "";
      const acts = {
        CLOSE_CONSULTATION: closeConsultation,
        APPROVE: approve,
        SUPERSEDE: supersede,
        REOPEN_REVIEW: reopenReview,
        RETURN_TO_DRAFTING: returnToDrafting,
        WITHDRAW: withdraw,
      } as const;
      if (!Object.hasOwn(acts, input.type)) throw invalid();
      await acts[input.type](tx, actor, { ...step, reason });
      return { notice: m.specification_acted() };
    },
  }),
};

/** Every act of the editing page. */
export const editingAction = pageAction(
  {
    at: "/national/specifications/:specificationId",
    params,
    guardObject: (tx, path) => loadSpecification(tx, path.specificationId),
  },
  { ...text, ...course },
);
