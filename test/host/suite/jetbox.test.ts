/** The extension in a real editor, in the order of a person's session: open, probe, stop, run, undo, save. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import {
	type CodeAction,
	ConfigurationTarget,
	commands,
	languages,
	Position,
	Range,
	Uri,
	WorkspaceEdit,
	window,
	workspace,
} from "vscode";
import type { RunEvent } from "../../../src/core/events.ts";
import { COMMANDS, SECTION, SETTINGS } from "../../../src/vscode/ids.ts";
import { asOnDisk, at, jetbox, problems, read, TASK, until } from "./editor.ts";

const FILES = ["shelf/books.py", "shelf/fines.py", "shelf/ledger.py", "shelf/loans.py"];
const NS_PER_MS = 1e6;

suite("Jetbox in the editor", () => {
	const original = new Map<string, string>();

	suiteSetup(() => {
		for (const file of FILES) original.set(file, read(file));
	});

	teardown(async () => {
		await (await jetbox()).idle();
	});

	suiteTeardown(restore);

	/** What is told while the work goes on; the work can wait for the first event of a type. */
	async function eventsOf(
		work: (first: (type: RunEvent["type"]) => Promise<void>) => Promise<void>,
	): Promise<readonly RunEvent[]> {
		const api = await jetbox();
		const heard: RunEvent[] = [];
		const subscription = api.onEvent((event) => heard.push(event));
		try {
			await work((type) => until(`${type} was told`, () => heard.some((event) => event.type === type)));
		} finally {
			subscription.dispose();
		}
		return heard;
	}

	function restore(): void {
		for (const [file, text] of original) writeFileSync(at(file), text);
	}

	test("activates and registers its commands", async () => {
		await jetbox();
		const registered = await commands.getCommands(true);
		for (const id of Object.values(COMMANDS)) assert.ok(registered.includes(id), id);
	});

	test("a probe fills Problems with lint and test findings", async () => {
		await commands.executeCommand(COMMANDS.probe);
		await until("lint and tests stand in Problems", () => {
			const sources = problems().map(({ source }) => source ?? "");
			return sources.some((source) => /ruff/i.test(source)) && sources.some((source) => /pytest/i.test(source));
		});
	});

	test("a setting that the probes have to do with renews what they told", async () => {
		const from = (tool: RegExp) => problems().filter(({ source }) => tool.test(source ?? ""));
		const settings = workspace.getConfiguration(SECTION);
		const select = (value: unknown) => settings.update(SETTINGS.ruffEnabled, value, ConfigurationTarget.Global);
		await select(false);
		try {
			await until("the lint's problems are gone", () => from(/ruff/i).length === 0 && from(/pytest/i).length > 0);
		} finally {
			await select(undefined);
		}
		await until("the lint's problems are back", () => from(/ruff/i).length > 0);
	});

	test("a problem of Jetbox's has its quick fixes, none of them preferred", async () => {
		const place = Uri.file(at("shelf/books.py"));
		const [found] = languages.getDiagnostics(place).filter(({ source }) => /ruff/i.test(source ?? ""));
		assert.ok(found, "shelf/books.py has a lint finding");
		await window.showTextDocument(place);
		const actions = await commands.executeCommand<CodeAction[]>("vscode.executeCodeActionProvider", place, found.range);
		const own = actions.filter(({ title }) => /Jetbox/.test(title));
		assert.deepEqual(
			own.map(({ title, isPreferred }) => [title, isPreferred ?? false]),
			[
				["Fix with Jetbox", false],
				["Fix All Jetbox Problems in File", false],
			],
		);
	});

	test("an empty task starts nothing", async () => {
		const heard = await eventsOf(async () => {
			assert.equal(await commands.executeCommand(COMMANDS.runTask, "  "), undefined);
		});
		assert.deepEqual(heard, []);
	});

	test("a second task is refused while one runs; Stop ends that one and leaves it idle", async () => {
		const api = await jetbox();
		let outcome: { readonly kind: string } | undefined;
		const heard = await eventsOf(async (first) => {
			const running = commands.executeCommand<{ readonly kind: string } | undefined>(COMMANDS.runTask, TASK);
			await first("probe-started");
			assert.equal(await commands.executeCommand(COMMANDS.runTask, "Another task"), undefined);
			await commands.executeCommand(COMMANDS.stop);
			outcome = await running;
			await api.idle();
		});
		assert.deepEqual(
			heard.flatMap((event) => (event.type === "run-started" ? [event.task] : [])),
			[TASK],
		);
		assert.equal(outcome?.kind, "cancelled");
		assert.equal(api.timeline().state, "finished");
		// A fix of ruff's own may have been through before Stop came.
		assert.deepEqual(
			FILES.filter((file) => read(file) !== original.get(file)),
			api.timeline().filesChanged,
		);
		restore();
	});

	test("F79: a run turns the project green, and Problems empty", async () => {
		const api = await jetbox();
		const lag = monitorEventLoopDelay({ resolution: 10 });
		lag.enable();
		const outcome = await commands.executeCommand<{ readonly kind: string; readonly reason: string }>(
			COMMANDS.runTask,
			TASK,
		);
		lag.disable();
		const worst = (lag.max / NS_PER_MS).toFixed(0);
		console.log(
			`      event loop during the run: p99 ${(lag.percentile(99) / NS_PER_MS).toFixed(0)} ms, worst ${worst} ms`,
		);
		assert.equal(outcome.kind, "green", outcome.reason);
		assert.equal(api.timeline().verdict?.state, "green");
		assert.ok(FILES.some((file) => read(file) !== original.get(file)));
		await until("Problems is empty", () => problems().length === 0);
	});

	test("Undo puts every file back byte for byte", async () => {
		await commands.executeCommand(COMMANDS.undo);
		for (const [file, text] of original) assert.equal(read(file), text, file);
		await asOnDisk(FILES);
		await until("Problems shows the findings again", () => problems().length > 0);
	});

	test("a document with unsaved changes is never overwritten", async () => {
		const api = await jetbox();
		const documents = await Promise.all(FILES.map((file) => workspace.openTextDocument(Uri.file(at(file)))));
		const typed = new WorkspaceEdit();
		for (const { uri } of documents) typed.insert(uri, new Position(0, 0), "# mine\n");
		await workspace.applyEdit(typed);
		assert.ok(documents.every(({ isDirty }) => isDirty));
		await commands.executeCommand(COMMANDS.runTask, TASK);
		await api.idle();
		const codes = api.timeline().rounds.flatMap(({ tools }) => tools.map(({ result }) => result?.code));
		assert.ok(codes.includes("unsaved"), `the model tried, and was refused: ${codes.join(", ")}`);
		for (const document of documents) {
			const file = workspace.asRelativePath(document.uri);
			assert.ok(document.isDirty, `${file} is still unsaved`);
			assert.equal(document.getText(), `# mine\n${original.get(file)}`);
			assert.equal(read(file), original.get(file));
		}
		for (const document of documents) {
			await window.showTextDocument(document);
			await commands.executeCommand("workbench.action.files.revert");
		}
	});

	test("a save with a new mistake makes a new finding, freshly probed", async () => {
		restore();
		const api = await jetbox();
		await commands.executeCommand(COMMANDS.probe);
		const before = problems().length;
		const heard = await eventsOf(async () => {
			const document = await workspace.openTextDocument(Uri.file(at("shelf/books.py")));
			const edit = new WorkspaceEdit();
			const end = document.lineAt(document.lineCount - 1).range.end;
			edit.replace(document.uri, new Range(end, end), "\nunheard_of_name()\n");
			await workspace.applyEdit(edit);
			await document.save();
			await until("the new finding stands in Problems", () =>
				problems().some(({ message }) => message.includes("unheard_of_name")),
			);
			await api.idle();
		});
		assert.ok(problems().length > 0 && before > 0);
		assert.ok(
			heard.some((event) => event.type === "probe-finished" && event.probe === "ruff" && event.cache === "miss"),
		);
		assert.match(readFileSync(at("shelf/books.py"), "utf8"), /unheard_of_name/);
	});
});
