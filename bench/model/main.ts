/** All measurements of the model layer, in their order; writes them where it is told. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { canChat } from "../../src/core/model/model-choice.ts";
import { describeServer, resolveServer } from "../../src/node/ollama/server.ts";
import { besideModel } from "./beside.ts";
import { cancelToClosed } from "./cancel.ts";
import { memoryFlat, requestPath } from "./own-cost.ts";
import { appendOnly, firstToken, reloads } from "./session.ts";

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		model: { type: "string" },
		server: { type: "string" },
		only: { type: "string" },
		python: { type: "string", default: "python3" },
		engine: { type: "string", default: "dist/engine.js" },
		cache: { type: "string", default: ".cache/bench" },
	},
});
const [resultPath = ""] = positionals;
const signal = new AbortController().signal;
const server = resolveServer(process.env, values.server ?? null);
const state = await describeServer(server, signal);
if (state.kind !== "ok") {
	console.error(`${state.message} ${state.fix}`);
	process.exit(2);
}
const smallest = [...state.models].filter(({ name }) => canChat(name)).sort((a, b) => a.sizeBytes - b.sizeBytes)[0];
const model = values.model ?? smallest?.name;
if (model === undefined) {
	console.error("The server has no model that can chat.");
	process.exit(2);
}
const target = { server, model };
const results = [];
const beside = besideModel({ python: values.python, enginePath: values.engine, cache: values.cache });
const measurements = { requestPath, memoryFlat, appendOnly, firstToken, cancelToClosed, reloads, beside };
for (const [name, measure] of Object.entries(measurements)) {
	if (values.only !== undefined && values.only !== name) continue;
	console.error(`bench: ${name} ...`);
	results.push(await measure(target, signal));
}
writeFileSync(resultPath, JSON.stringify({ results, about: { model, server: state.version } }));
