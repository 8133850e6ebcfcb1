/** Loaded before a program under test by NODE_OPTIONS: writes what it hears, one line each, where JETBOX_HEARD says. */
import { appendFileSync } from "node:fs";
import { hearSockets } from "./hearing.ts";

const path = process.env["JETBOX_HEARD"];
if (path !== undefined) hearSockets((use) => appendFileSync(path, `${JSON.stringify(use)}\n`));
