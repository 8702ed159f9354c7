/** Words of the invented programme: places, people, suppliers. No real organisation or person is meant. */
import { organisationCheck, unifiedCheck } from "#app/domain/organisation-code.ts";
import type { Rng } from "../rng.ts";

export type Named = { zh: string; en: string };
export const cities: readonly Named[] = [
  { zh: "江州", en: "Jiangzhou" },
  { zh: "云陵", en: "Yunling" },
  { zh: "沅安", en: "Yuan'an" },
  { zh: "泽川", en: "Zechuan" },
  { zh: "岚山", en: "Lanshan" },
  { zh: "青渚", en: "Qingzhu" },
  { zh: "滨屿", en: "Binyu" },
  { zh: "北澜", en: "Beilan" },
  { zh: "宁皋", en: "Ninggao" },
  { zh: "锦安", en: "Jin'an" },
];
const surnames: readonly Named[] = [
  ["王", "Wang"],
  ["李", "Li"],
  ["张", "Zhang"],
  ["刘", "Liu"],
  ["陈", "Chen"],
  ["杨", "Yang"],
  ["赵", "Zhao"],
  ["黄", "Huang"],
  ["周", "Zhou"],
  ["吴", "Wu"],
  ["徐", "Xu"],
  ["孙", "Sun"],
  ["马", "Ma"],
  ["朱", "Zhu"],
  ["胡", "Hu"],
  ["郭", "Guo"],
  ["何", "He"],
  ["林", "Lin"],
  ["高", "Gao"],
  ["罗", "Luo"],
  ["郑", "Zheng"],
  ["梁", "Liang"],
  ["谢", "Xie"],
  ["宋", "Song"],
  ["唐", "Tang"],
  ["许", "Xu"],
  ["韩", "Han"],
  ["冯", "Feng"],
  ["邓", "Deng"],
  ["曹", "Cao"],
].map(([zh = "", en = ""]) => ({ zh, en }));
const givens: readonly Named[] = [
  ["志远", "Zhiyuan"],
  ["晓岚", "Xiaolan"],
  ["建国", "Jianguo"],
  ["文博", "Wenbo"],
  ["雅琴", "Yaqin"],
  ["国强", "Guoqiang"],
  ["思源", "Siyuan"],
  ["海燕", "Haiyan"],
  ["立新", "Lixin"],
  ["静怡", "Jingyi"],
  ["明哲", "Mingzhe"],
  ["丽华", "Lihua"],
  ["永康", "Yongkang"],
  ["雪梅", "Xuemei"],
  ["浩然", "Haoran"],
  ["秀兰", "Xiulan"],
  ["启航", "Qihang"],
  ["婷", "Ting"],
  ["伟", "Wei"],
  ["敏", "Min"],
  ["磊", "Lei"],
  ["洁", "Jie"],
  ["勇", "Yong"],
  ["倩", "Qian"],
  ["俊峰", "Junfeng"],
  ["春燕", "Chunyan"],
].map(([zh = "", en = ""]) => ({ zh, en }));

function person(rng: Rng): Named {
  const [s, g] = [rng.pick(surnames), rng.pick(givens)];
  return { zh: s.zh + g.zh, en: `${g.en} ${s.en}` };
}
/** As `person`, never the same name twice for one `taken`. */
export function newPerson(rng: Rng, taken: Set<string>): Named {
  for (let i = 0; i < 200; i++) {
    const p = person(rng);
    if (taken.has(p.zh)) continue;
    taken.add(p.zh);
    return p;
  }
  throw new RangeError("no names left");
}
/** A unified social credit code with both check characters (GB 32100-2015, GB 11714-1997); the rest is random. */
export function creditCode(rng: Rng): string {
  const digits = (n: number) => Array.from({ length: n }, () => rng.int(0, 9)).join("");
  const division = `${rng.pick(["3301", "3502", "4201", "5101", "6101"])}${digits(2)}`;
  const own = `M${digits(8)}`.slice(0, 8);
  const first17 = `91${division}${own}${organisationCheck(own) ?? ""}`;
  return first17 + (unifiedCheck(first17) ?? "");
}
export type SupplierKind =
  | "sensor"
  | "gateway"
  | "video"
  | "platform"
  | "cloud"
  | "network"
  | "crypto"
  | "service"
  | "control";
export const suppliers: Readonly<Record<SupplierKind, readonly string[]>> = {
  sensor: ["岳峙传感技术", "恒砚仪表", "拓岭物联"],
  gateway: ["澜芯微电子", "拓岭物联", "衡川电气"],
  video: ["晟屿视频", "讯栖影像"],
  platform: ["砺远系统集成", "青渚软件"],
  cloud: ["北澜云计算", "青渚云服务"],
  network: ["讯栖网络", "北澜通信"],
  crypto: ["泊安密码"],
  service: ["同泽运维服务", "砺远系统集成"],
  control: ["衡川电气", "瑞砺阀控"],
};
