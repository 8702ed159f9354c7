import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type postgres from "postgres";
import { Webhook } from "standardwebhooks";

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}
/** A real receiver, on this machine, that keeps what came and answers as told. */
export class Receiver {
  readonly received: Received[] = [];
  answer: (n: number) => number | Promise<number> = () => 204;
  private readonly server: Server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part: string) => (body += part));
    request.on("end", () => {
      const n = this.received.push({ headers: request.headers, body });
      void Promise.resolve(this.answer(n)).then((status) =>
        response.writeHead(status, status === 302 ? { location: "http://127.0.0.1/" } : {}).end("x".repeat(10_000)),
      );
    });
  });
  url = "";
  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }
  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
  /** The n-th message, its signature checked as a receiver checks it. */
  verified(n: number, secret: string): { type: string; id: string; data: Record<string, unknown> } {
    const { body, headers } = this.received[n] ?? { body: "", headers: {} };
    return new Webhook(secret).verify(body, headers as Record<string, string>) as ReturnType<Receiver["verified"]>;
  }
}

export interface Happening {
  tenantId: string;
  siteId?: string;
  machine?: string;
  national?: boolean;
}
/** An event as the log has it, put past the policies: what it takes is tested elsewhere. */
export async function putEvent(superuser: postgres.Sql, of: Happening): Promise<string> {
  const id = randomUUID();
  await superuser.begin(async (tx) => {
    const instance = randomUUID();
    await tx`insert into workflow_instances (tenant_id, id, machine, version, object_id, state, input, snapshot) values (${of.tenantId}, ${instance}, ${of.machine ?? "document"}, 1, ${randomUUID()}, 'x', '{}', '{}')`;
    await tx`insert into workflow_events (tenant_id, id, instance_id, seq, machine, object_id, site_id, national, type, from_state, to_state, payload, facts, reason, actor_membership_id, actor_role, actor_name, at)
      values (${of.tenantId}, ${id}, ${instance}, 3, ${of.machine ?? "document"}, ${randomUUID()}, ${of.siteId ?? null}, ${of.national ?? false}, 'SUBMIT', 'drafting', 'submitted', '{"reason": "内情"}', '{}', '内情', ${randomUUID()}, 'site_lead', '张三', now())`;
  });
  return id;
}

export const queuedJobs = (superuser: postgres.Sql) => superuser<{ task: string; payload: Record<string, string> }[]>`
  select t.identifier as task, j.payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id order by j.id`;

interface StoredDelivery {
  id: string;
  state: string;
  attempts: number;
  last_status: number | null;
  last_error: string | null;
  /** Seconds to the next attempt. */
  rest: number;
  /** Nobody is at it. */
  free: boolean;
  ended: boolean;
}
export const storedDeliveries = (superuser: postgres.Sql) => superuser<StoredDelivery[]>`
  select id, state, attempts, last_status, last_error, extract(epoch from next_at - now())::float8 as rest,
    claimed_until is null as free, ended_at is not null as ended from webhook_deliveries order by no`;
