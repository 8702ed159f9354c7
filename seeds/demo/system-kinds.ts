/** Kinds of sites, systems and assets, and short hands to write them down. */
import type { ObjectKind } from "#app/domain/vocabulary.ts";
import type { Named, SupplierKind } from "./texts.ts";

export type AssetKind = Named & {
  object: ObjectKind;
  supplier: SupplierKind;
  /** Confidentiality, integrity, availability as a rule, 1–5. */
  cia: readonly [number, number, number];
  /** How often only one supplier can deliver it. */
  single: number;
};
export type SystemKind = Named & {
  about: Named;
  grade: 2 | 3 | 4;
  devices: readonly [number, number];
  personal: boolean;
  assets: readonly AssetKind[];
};
export type SiteKind = { name: Named; systems: readonly SystemKind[] };
export type SectorBank = { code: string; regulator: Named; sites: readonly SiteKind[] };

export const n = (zh: string, en: string): Named => ({ zh, en });
export const a = (
  zh: string,
  en: string,
  object: ObjectKind,
  supplier: SupplierKind,
  cia: readonly [number, number, number],
  single = 0.25,
): AssetKind => ({ zh, en, object, supplier, cia, single });
export const s = (
  zh: string,
  en: string,
  about: Named,
  grade: 2 | 3 | 4,
  devices: readonly [number, number],
  personal: boolean,
  assets: readonly AssetKind[],
): SystemKind => ({ zh, en, about, grade, devices, personal, assets });
export const site = (zh: string, en: string, ...systems: SystemKind[]): SiteKind => ({ name: n(zh, en), systems });

/** Every system has these besides its own. */
export const common: readonly AssetKind[] = [
  a("系统总体方案与网络拓扑", "Overall design and topology", "solution", "platform", [3, 4, 3], 0.1),
  a("身份与密钥管理方案", "Identity and key management design", "solution", "crypto", [5, 5, 4], 0.6),
  a("边缘网关", "Edge gateway", "equipment", "gateway", [3, 4, 4], 0.35),
  a("云平台托管服务", "Hosted cloud platform", "service", "cloud", [4, 4, 5], 0.3),
  a("驻场与远程运维服务", "On-site and remote maintenance", "service", "service", [4, 4, 3], 0.2),
];
