/**
 * Runs server-main.js so that it never outlives its launcher: when the launcher dies, even by SIGKILL, the IPC channel
 * closes and the whole process group goes.
 */
import { pathToFileURL } from "node:url";

process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));
process.channel?.unref();
process.argv.splice(1, 1);
await import(pathToFileURL(process.argv[1]).href);
