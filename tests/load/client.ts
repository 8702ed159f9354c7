import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Done, Job, Lane, Sample, Step } from "./lanes.ts";

/*
 * A process that asks, apart from the server and from the parent, so that neither's event loop is in the figures. It is
 * forked with a channel: a Job comes in, a Done goes out. Node's own http with kept connections, because it costs a third of
 * what fetch does and the machine has the server to run as well.
 */

interface Answer {
  status: string;
  headers: http.IncomingHttpHeaders;
  text: string;
}

class Driver {
  private readonly agent = new http.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  private readonly samples: Sample[] = [];
  private readonly revisions = new Map<Step, number>();
  private readonly open = new Set<http.ClientRequest>();
  private readonly end: number;
  private readonly begun = performance.now();
  private over = false;
  constructor(private readonly job: Job) {
    this.end = this.begun + job.seconds * 1000;
  }

  async run(): Promise<Done> {
    const cutter = setTimeout(() => {
      this.over = true;
      for (const one of this.open) one.destroy(Object.assign(new Error("cut"), { code: "cut" }));
    }, this.job.seconds * 1000);
    await Promise.all(this.job.lanes.map((lane) => this.lane(lane)));
    clearTimeout(cutter);
    this.agent.destroy();
    return { samples: this.samples, seconds: (performance.now() - this.begun) / 1000 };
  }

  private async lane(lane: Lane): Promise<void> {
    let sent = 0;
    const most = lane.most ?? (lane.once === true ? lane.steps.length : Number.POSITIVE_INFINITY);
    const one = async () => {
      // Nobody begins at the same instant as somebody else, unless the lane is a burst.
      await sleep(Math.random() * lane.think[1]);
      while (!this.over && performance.now() < this.end && sent < most) {
        const n = sent;
        sent += 1;
        const step =
          lane.steps[
            lane.once === true || lane.most !== undefined
              ? n % lane.steps.length
              : Math.floor(Math.random() * lane.steps.length)
          ];
        if (step === undefined) return;
        await this.step(lane, step);
        const [from, to] = lane.think;
        if (to > 0) await sleep(from + Math.random() * (to - from));
      }
    };
    await Promise.all(Array.from({ length: lane.parallel }, one));
  }

  private async step(lane: Lane, step: Step): Promise<void> {
    const begun = performance.now();
    let answer = await this.send(
      step.method,
      step.path,
      { ...lane.headers, ...step.headers },
      step.body?.replaceAll("{rev}", String(this.revisions.get(step) ?? 0)),
    );
    const to = answer.headers.location;
    if (step.follow === true && answer.status.startsWith("3") && to !== undefined) {
      const cookie = (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
      answer = await this.send("GET", to, { ...lane.headers, cookie });
    }
    // What no answer came to, because the time was over, is no less slow for it.
    this.samples.push({ lane: lane.name, kind: step.kind, ms: performance.now() - begun, status: answer.status });
    if (step.body?.includes("{rev}") === true)
      this.revisions.set(step, Number(/"rev":(\d+)/.exec(answer.text)?.[1] ?? 0));
    // A server that is away answers nothing at once: asking it in a circle would only heat the machine.
    if (!/^\d+$/.test(answer.status)) await sleep(100);
  }

  private send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Answer> {
    return new Promise((resolve) => {
      const failed = (error: NodeJS.ErrnoException) =>
        resolve({ status: error.code ?? "error", headers: {}, text: "" });
      const request = http.request(
        new URL(path, this.job.url),
        {
          method,
          agent: this.agent,
          headers: { ...headers, ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }) },
        },
        (response) => {
          const keep = body?.includes('"rev"') === true;
          let text = "";
          response.on("data", (part: Buffer) => {
            if (keep) text += part.toString("latin1");
          });
          response.on("end", () => resolve({ status: String(response.statusCode), headers: response.headers, text }));
          response.on("error", failed);
        },
      );
      this.open.add(request);
      request.on("error", failed);
      request.on("close", () => this.open.delete(request));
      request.end(body);
    });
  }
}

const obey = async (job: Job): Promise<void> => void process.send?.(await new Driver(job).run());
process.on("message", (job: Job) => void obey(job));
// The parent is gone: nobody waits for the figures.
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
