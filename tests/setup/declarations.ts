import { declareAll } from "#app/declarations.server.ts";

declareAll();
