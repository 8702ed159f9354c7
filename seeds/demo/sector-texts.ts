/** What the sectors of the demo programme run. */
import { psf, urb, wsf } from "./sectors-city.ts";
import { ind, ten } from "./sectors-supply.ts";
import type { SectorBank } from "./system-kinds.ts";

/** Sectors of the demo programme, priority ones first. */
export const sectorBanks: readonly SectorBank[] = [ten, psf, urb, wsf, ind];
