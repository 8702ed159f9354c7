import { m } from "#app/i18n/paraglide/messages.js";
import type { Dimension, Level, LifecycleStage, PdfLocale } from "../types.ts";

/** Numbers tables and figures in the order in which they are named. */
export class Captions {
  private tables = 0;
  private figures = 0;

  constructor(private readonly locale: PdfLocale) {}

  table(title: string): string {
    this.tables += 1;
    return m.pdf_table_caption({ no: String(this.tables), title }, { locale: this.locale });
  }

  figure(title: string): string {
    this.figures += 1;
    return m.pdf_figure_caption({ no: String(this.figures), title }, { locale: this.locale });
  }
}

export function levelName(level: Level, locale: PdfLocale): string {
  const names = { 1: m.pdf_level_1, 2: m.pdf_level_2, 3: m.pdf_level_3, 4: m.pdf_level_4, 5: m.pdf_level_5 };
  return names[level]({}, { locale });
}

export function dimensionName(dimension: Dimension, locale: PdfLocale): string {
  const names = {
    supervision: m.pdf_dimension_supervision,
    identity: m.pdf_dimension_identity,
    network: m.pdf_dimension_network,
    privacy: m.pdf_dimension_privacy,
  };
  return names[dimension]({}, { locale });
}

export function stageName(stage: LifecycleStage, locale: PdfLocale): string {
  const names = { design: m.pdf_stage_design, acceptance: m.pdf_stage_acceptance, operation: m.pdf_stage_operation };
  return names[stage]({}, { locale });
}

export function batchName(batch: 1 | 2, locale: PdfLocale): string {
  return batch === 1 ? m.pdf_batch_1({}, { locale }) : m.pdf_batch_2({}, { locale });
}

/** 万元 with two decimals and separators, as tables print it. */
export function money(amount: number): string {
  return amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** Days since the epoch of an ISO day. Throws RangeError for anything else. */
export function dayNumber(day: string): number {
  const time = Date.parse(`${day.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(time)) throw new RangeError(`Not an ISO day: ${day}`);
  return time / 86_400_000;
}
