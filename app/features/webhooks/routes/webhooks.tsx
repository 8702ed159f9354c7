import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { SettingsFrame } from "#app/features/identity/components/settings-frame.tsx";
import { settingsSections } from "#app/features/identity/settings.server.ts";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { DeliveriesSection } from "#app/features/webhooks/components/deliveries-section.tsx";
import { WebhooksSection } from "#app/features/webhooks/components/webhooks-section.tsx";
import { deliverySchema, endpointSchema, newEndpointSchema } from "#app/features/webhooks/webhooks.schema.ts";
import {
  createEndpoint,
  pauseEndpoint,
  removeEndpoint,
  resumeEndpoint,
  rotateSecret,
  sendAgain,
  sendTest,
  webhooksView,
} from "#app/features/webhooks/webhooks.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { whole } from "#app/platform/fields.ts";
import { orNone } from "#app/platform/form-values.ts";

export const meta: MetaFunction = () => [{ title: `${m.identity_section_webhooks()} · ${m.identity_product()}` }];

const search = z.object({ before: orNone(whole(1, Number.MAX_SAFE_INTEGER)) });
export const loader = pageLoader({ at: "/settings/webhooks", search }, async ({ tx, actor, search: { before } }) => ({
  email: actor.email,
  sections: settingsSections(actor.role),
  webhooks: await webhooksView(tx, actor, before),
}));

export const action = pageAction(
  { at: "/settings/webhooks" },
  {
    createEndpoint: intent({
      schema: newEndpointSchema,
      answersSecret: true,
      run: async ({ tx, actor, input, context }) => ({
        data: await createEndpoint(tx, actor, input, context.env.WEBHOOK_TARGETS),
      }),
    }),
    rotateSecret: intent({
      schema: endpointSchema,
      answersSecret: true,
      run: async ({ tx, actor, input }) => ({ data: await rotateSecret(tx, actor, input.endpointId) }),
    }),
    sendTest: intent({
      schema: endpointSchema,
      run: async ({ tx, actor, input }) => {
        await sendTest(tx, actor, input.endpointId);
        return { notice: m.webhooks_test_sent() };
      },
    }),
    pauseEndpoint: intent({
      schema: endpointSchema,
      run: async ({ tx, actor, input }) => {
        await pauseEndpoint(tx, actor, input.endpointId);
        return { notice: m.webhooks_paused_notice() };
      },
    }),
    resumeEndpoint: intent({
      schema: endpointSchema,
      run: async ({ tx, actor, input }) => {
        await resumeEndpoint(tx, actor, input.endpointId);
        return { notice: m.webhooks_resumed_notice() };
      },
    }),
    removeEndpoint: intent({
      schema: endpointSchema,
      run: async ({ tx, actor, input }) => {
        await removeEndpoint(tx, actor, input.endpointId);
        return { notice: m.webhooks_removed() };
      },
    }),
    sendAgain: intent({
      schema: deliverySchema,
      run: async ({ tx, actor, input }) => {
        await sendAgain(tx, actor, input.deliveryId);
        return { notice: m.webhooks_again_notice() };
      },
    }),
  },
);

export default function Webhooks() {
  const { email, sections, webhooks } = useLoaderData<typeof loader>();
  const result = useResult();
  return (
    <SettingsFrame section="webhooks" sections={sections} of={email} result={result}>
      <WebhooksSection endpoints={webhooks.endpoints} result={result} />
      <DeliveriesSection deliveries={webhooks.deliveries} endpoints={webhooks.endpoints} />
    </SettingsFrame>
  );
}
