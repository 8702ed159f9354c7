import { and, eq, inArray } from "drizzle-orm";
import { noteChange } from "#app/features/document/approval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { lockProject, type ProjectRow } from "#app/features/project/project.server.ts";
import type { Level } from "#app/domain/vocabulary.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, risks, sites, submissions, systems } from "#db/schema/index.ts";
import { controls, threats, vulnerabilities } from "#seeds/catalogue/index.ts";
import { questionsOf } from "#seeds/catalogue/load.server.ts";
import { dropAssets, nextRiskNo, riskCode, storeAssets, storeRisks, withdraw } from "./register-rows.server.ts";
import { assetValueOf, differs, followers, keyOf, lineOf, type Place, type Wanted } from "./risk-line.server.ts";
import { proposeRisks } from "./risk-proposals.rules.ts";
import { sealedResponseSchema, type SiteResponse } from "./sealed-response.ts";
import { currentStates } from "#workflows/index.ts";

/*
 * The register from the survey: assets are taken over from the sealed responses, weak answers lead to proposed risks. Done
 * again it takes the newer submissions and changes nothing that a person decided.
 */

export interface Built {
  responses: number;
  assets: number;
  added: number;
  updated: number;
  /** Proposals nobody had decided on whose weakness is gone. */
  withdrawn: number;
  /** Codes of weak answers from which the catalogue derives no risk. */
  unlinked: string[];
}

/** What the sites have in force: the latest seal of each response that is being reviewed or approved; by site, system, asset. */
async function sealedResponses(tx: Tx, projectId: string): Promise<SiteResponse[]> {
  const rows = await tx
    .select({
      submissionId: submissions.id,
      siteId: documents.siteId,
      systemId: documents.systemId,
      content: submissions.content,
    })
    .from(documents)
    .innerJoin(
      submissions,
      and(eq(submissions.tenantId, documents.tenantId), eq(submissions.id, documents.submissionId)),
    )
    .innerJoin(sites, and(eq(sites.tenantId, documents.tenantId), eq(sites.id, documents.siteId)))
    .innerJoin(systems, and(eq(systems.tenantId, documents.tenantId), eq(systems.id, documents.systemId)))
    .where(
      and(
        eq(documents.projectId, projectId),
        eq(documents.kind, "surveyResponse"),
        inArray(documents.state, [...currentStates]),
      ),
    )
    .orderBy(sites.code, systems.name, documents.id);
  return rows.map(({ submissionId, siteId, systemId, content }) => {
    const parsed = sealedResponseSchema.safeParse(content);
    if (!parsed.success || !siteId || !systemId)
      throw new AppError(
        "internal",
        500,
        `sealed response ${submissionId} cannot be read: ${parsed.error?.message ?? "no site"}`,
      );
    const assets = [...parsed.data.assets].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return { submissionId, siteId, systemId, ...parsed.data, assets };
  });
}

function proposalsOf(
  responses: readonly SiteResponse[],
  project: ProjectRow,
): { wanted: Wanted[]; unlinked: string[] } {
  const unlinked = new Set<string>();
  const wanted = responses.flatMap((response) => {
    const byId = new Map(response.assets.map((a) => [a.id, a]));
    const found = proposeRisks({
      assets: response.assets.map((a) => ({
        id: a.id,
        object: a.object,
        value: assetValueOf(a, project),
        systemId: response.systemId,
      })),
      answers: response.answers.map((a) => ({ controlId: a.controlCode, value: a.value, systemId: response.systemId })),
      controls: questionsOf(project.questionnaireVersion) ?? controls,
      threats,
      vulnerabilities,
      method: project.riskMethod,
    });
    for (const code of found.unlinked) unlinked.add(code);
    return found.proposals.flatMap((proposal): Wanted[] => {
      const asset = byId.get(proposal.assetId);
      return asset ? [{ response, asset, proposal }] : [];
    });
  });
  // Highest first over all sites, so that the codes of a first register follow its order; equal ones by site, system and asset.
  wanted.sort(
    (a, b) => b.proposal.result.level - a.proposal.result.level || b.proposal.result.rank - a.proposal.result.rank,
  );
  return { wanted, unlinked: [...unlinked].sort() };
}

/**
 * Takes assets over from the sealed responses and proposes risks from weak answers. Repeating it adds nothing twice; newer
 * submissions update what follows from them; confirmed and dismissed lines keep their decision.
 */
export async function buildRegister(tx: Tx, actor: Actor, projectId: string): Promise<Built> {
  const project = await lockProject(tx, projectId);
  const place: Place = { tenantId: actor.tenantId, project };
  const [responses, existing, first] = await Promise.all([
    sealedResponses(tx, projectId),
    tx
      .select()
      .from(risks)
      .where(and(eq(risks.tenantId, actor.tenantId), eq(risks.projectId, projectId))),
    nextRiskNo(tx, projectId),
  ]);
  const { wanted, unlinked } = proposalsOf(responses, project);
  const old = new Map(existing.map((r) => [keyOf(r), r]));
  let no = first;
  const lines = wanted.map((w) => {
    const before = old.get(w.proposal.key);
    return { before, line: lineOf(actor, place, w, before, () => riskCode(no++)) };
  });
  const changed = lines
    .filter(({ before, line }) => before !== undefined && differs(before, line))
    .map(({ line }) => ({ ...line, updatedAt: actor.now }));
  const added = lines.filter(({ before }) => before === undefined).map(({ line }) => line);
  const keys = new Set(wanted.map((w) => w.proposal.key));
  const values = new Map(
    responses.flatMap((r) => r.assets.map((a): [string, Level] => [a.id, assetValueOf(a, project)])),
  );
  const following = followers(actor, project, existing, keys, values);
  await storeAssets(tx, place, responses);
  await storeRisks(tx, [...added, ...changed, ...following]);
  const withdrawn = await withdraw(
    tx,
    place,
    existing.filter((r) => r.status === "proposed" && r.controlCode !== null && !keys.has(keyOf(r))),
  );
  await dropAssets(tx, place, new Set(values.keys()));
  await noteChange(tx, actor, "riskReport", { projectId });
  return {
    responses: responses.length,
    assets: values.size,
    added: added.length,
    updated: changed.length + following.length,
    withdrawn,
    unlinked,
  };
}
