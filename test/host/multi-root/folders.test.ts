/** Two folders in one workspace: probes by each one's own settings, a task for one of them, chosen once. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { commands, extensions, languages, Uri, window, workspace } from "vscode";
import { COMMANDS } from "../../../src/vscode/ids.ts";
import { cutOffRun } from "../cut-off-run.mjs";
import { jetbox, read, TASK, until } from "../suite/editor.ts";
import { eventsOf, folder, ours, probe, problemsIn } from "./two-folders.ts";

/** The editor shows what an offer asks. */
const OFFERED_MS = 2_000;

suite("Two folders", () => {
	teardown(async () => {
		await (await jetbox()).idle();
	});

	test("each is probed by its own settings, and the problems of one leave the other's alone", async () => {
		assert.deepEqual(await probe("first"), { ruff: "findings", pytest: "findings" });
		assert.deepEqual(await probe("second"), { ruff: "findings", pytest: "disabled" });
		await until(
			"both stand in Problems",
			() => problemsIn(folder("first")).length > 0 && problemsIn(folder("second")).length > 0,
		);
		assert.ok(problemsIn(folder("first")).includes("Jetbox pytest"));
		assert.ok(!problemsIn(folder("second")).includes("Jetbox pytest"));
	});

	test("a save probes the folder of its file, and no other", async () => {
		const uri = Uri.joinPath(folder("second"), "shelf/books.py");
		const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
		const ended = await eventsOf("verdict", async () => {
			writeFileSync(uri.fsPath, `${text}\nunheard_of_name()\n`);
			await until("the new finding stands in Problems", () =>
				languages.getDiagnostics(uri).some(({ message }) => message.includes("unheard_of_name")),
			);
			await (await jetbox()).idle();
		});
		assert.ok(ended.length > 0);
		assert.ok(problemsIn(folder("first")).includes("Jetbox pytest"), "the other folder's problems stand");
		writeFileSync(uri.fsPath, text);
		await until("the finding is gone", () =>
			languages.getDiagnostics(uri).every(({ message }) => !message.includes("unheard_of_name")),
		);
	});

	test("a probe that a save in the other folder interrupts is taken up again", async () => {
		const slow = Uri.joinPath(folder("first"), "tests/test_slow.py").fsPath;
		const other = Uri.joinPath(folder("second"), "shelf/late.py").fsPath;
		const ended: string[] = [];
		const api = await jetbox();
		const subscription = api.onEvent((event) => {
			if (event.type === "probe-started" && event.probe === "pytest") ended.push("started");
			if (event.type === "probe-finished" && event.probe === "pytest")
				ended.push(event.status === "not-run" ? event.reason : event.status);
		});
		try {
			writeFileSync(slow, "import time\n\n\ndef test_slow():\n    time.sleep(3)\n");
			await until("the slow test runs", () => ended.includes("started"));
			writeFileSync(other, "late_name()\n");
			await until("the slow test was interrupted", () => ended.includes("cancelled"));
			await api.idle();
			const problemsOf = (path: string) => languages.getDiagnostics(Uri.file(path));
			await until("the other folder was probed", () => problemsOf(other).length > 0);
			assert.equal(ended.at(-1), "findings", `the first folder's tests ran to their end: ${ended.join(", ")}`);
		} finally {
			subscription.dispose();
			for (const path of [slow, other]) rmSync(path);
			await until("nothing of it stands in Problems", () =>
				languages.getDiagnostics(Uri.file(other)).every(({ source }) => source?.startsWith("Jetbox") !== true),
			);
		}
	});

	test("a file chooses the task's folder, once: the run works there, with that folder's limit, and so does the next", async () => {
		const file = Uri.joinPath(folder("second"), "shelf/books.py");
		await window.showTextDocument(file);
		await commands.executeCommand(COMMANDS.taskFromFile, file);
		const first = read("shelf/books.py");
		for (let times = 0; times < 2; times += 1) {
			const started = await eventsOf("run-started", async () => {
				await commands.executeCommand(COMMANDS.runTask, TASK);
			});
			assert.deepEqual(
				started.map(({ workspace: root, maxRounds }) => [root, maxRounds]),
				[[folder("second").fsPath, 3]],
			);
		}
		assert.equal(read("shelf/books.py"), first, "the other folder is as it was");
		await commands.executeCommand(COMMANDS.undo);
	});

	test("a folder's run is undone, and said to be, also where the other folder's came after it", async () => {
		const api = await jetbox();
		const runIn = async (name: string) => {
			const file = Uri.joinPath(folder(name), "shelf/books.py");
			await window.showTextDocument(file);
			await commands.executeCommand(COMMANDS.taskFromFile, file);
			await commands.executeCommand(COMMANDS.runTask, TASK);
			assert.equal(api.timeline().workspace, folder(name).fsPath);
			assert.ok(api.timeline().filesChanged.length > 0);
		};
		await runIn("second");
		await runIn("first");
		const first = read("shelf/books.py");
		await commands.executeCommand(COMMANDS.taskFromFile, Uri.joinPath(folder("second"), "shelf/books.py"));
		await commands.executeCommand(COMMANDS.undo);
		const { workspace: root, undone, filesChanged } = api.timeline();
		assert.equal(root, folder("second").fsPath);
		assert.deepEqual([...undone].sort(), [...filesChanged].sort());
		assert.equal(read("shelf/books.py"), first, "the other folder is as it was");
		await commands.executeCommand(COMMANDS.taskFromFile, Uri.joinPath(folder("first"), "shelf/books.py"));
		await commands.executeCommand(COMMANDS.undo);
	});

	test("while a task runs no quick fix is offered, and none takes the task's folder from under it", async () => {
		const own = Uri.joinPath(folder("second"), "shelf/books.py");
		const other = Uri.joinPath(folder("first"), "shelf/loans.py");
		await window.showTextDocument(own);
		await commands.executeCommand(COMMANDS.taskFromFile, own);
		await window.showTextDocument(other);
		await probe("first");
		await until("the other folder's file has problems", () => ours(other).length > 0);
		assert.ok((await fixesOffered(other)).includes("Fix with Jetbox"));

		const api = await jetbox();
		const runs: string[] = [];
		const duringRun: string[] = [];
		const subscription = api.onEvent((event) => void (event.type === "run-started" && runs.push(event.runId)));
		const running = commands.executeCommand(COMMANDS.runTask, TASK);
		await until("the run has begun", () => runs.length > 0);
		duringRun.push(...(await fixesOffered(other)));
		await commands.executeCommand(COMMANDS.fixFile, other);
		await running;
		subscription.dispose();

		assert.ok(!duringRun.includes("Fix with Jetbox"));
		assert.equal(api.timeline().runId, runs[0], "the folder is still the run's");
		await commands.executeCommand(COMMANDS.undo);
		await commands.executeCommand("notifications.clearAll");
	});

	test("a template's folder is that of the active editor, and that of changes the repository's", async () => {
		const fileIn = (name: string) => Uri.joinPath(folder(name), "shelf/books.py");
		await commands.executeCommand(COMMANDS.taskFromFile, fileIn("first"));
		await window.showTextDocument(fileIn("second"));
		const state = { over: false };
		void commands.executeCommand(COMMANDS.taskFromTemplate).then(() => {
			state.over = true;
		});
		await until("a template was taken", () => {
			void commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
			return state.over;
		});
		assert.equal(await chosenFolder(), "second");
		await commands.executeCommand(COMMANDS.taskFromChanges, { rootUri: folder("first") });
		assert.equal(await chosenFolder(), "first");
		await commands.executeCommand(COMMANDS.taskFromChanges, { rootUri: Uri.joinPath(folder("first"), "..") });
		assert.equal(await chosenFolder(), "first", "of a repository around both, the chosen one stays");
	});

	test("a file without problems is said to have none, and its folder is not chosen for that", async () => {
		const other = Uri.joinPath(folder("first"), "shelf/__init__.py");
		assert.deepEqual(ours(other), []);
		await commands.executeCommand(COMMANDS.taskFromFile, Uri.joinPath(folder("second"), "shelf/books.py"));
		await commands.executeCommand(COMMANDS.fixFile, other);
		assert.equal(await chosenFolder(), "second");
	});

	test("a run that was cut off in another folder waits for the end of the one at work", async () => {
		const [first, second] = [folder("first"), folder("second")];
		const file = Uri.joinPath(second, "shelf/loans.py");
		const original = read("shelf/loans.py");
		await cutOffRun({
			extensionPath: extensions.getExtension("jetbox.jetbox")?.extensionPath ?? "",
			workspace: second.fsPath,
			python: workspace.getConfiguration("jetbox").get("pythonPath", ""),
			stateHome: process.env["XDG_STATE_HOME"] ?? "",
		});
		await commands.executeCommand(COMMANDS.taskFromFile, Uri.joinPath(first, "shelf/loans.py"));
		await commands.executeCommand(COMMANDS.taskFromFile, file);
		await delay(OFFERED_MS);
		await commands.executeCommand(COMMANDS.taskFromFile, Uri.joinPath(first, "shelf/loans.py"));

		const api = await jetbox();
		const runs: string[] = [];
		const subscription = api.onEvent((event) => void (event.type === "run-started" && runs.push(event.runId)));
		const running = commands.executeCommand(COMMANDS.runTask, TASK);
		await until("the run has begun", () => runs.length > 0);
		await commands.executeCommand("notification.acceptPrimaryAction");
		await running;
		subscription.dispose();
		assert.equal(api.timeline().runId, runs[0], "the folder is still the run's");
		assert.equal(api.timeline().outcome?.kind, "green");

		await commands.executeCommand(COMMANDS.undo);
		await commands.executeCommand(COMMANDS.taskFromFile, file);
		await commands.executeCommand("notifications.clearAll");
		await commands.executeCommand(COMMANDS.resume, "undo");
		assert.equal(new TextDecoder().decode(await workspace.fs.readFile(file)), original, "it could still be taken back");
		await commands.executeCommand("notifications.clearAll");
	});

	/** Told by what a probe without a place looks at: the second folder's settings switch pytest off. */
	async function chosenFolder(): Promise<"first" | "second"> {
		const ended = await eventsOf("probe-finished", async () => {
			await commands.executeCommand(COMMANDS.probe);
		});
		const isOff = ended.some((event) => event.status === "not-run" && event.reason === "disabled");
		return isOff ? "second" : "first";
	}

	async function fixesOffered(uri: Uri): Promise<readonly string[]> {
		const [problem] = ours(uri);
		assert.ok(problem, "a problem stands there");
		const actions = await commands.executeCommand<readonly { readonly title: string }[]>(
			"vscode.executeCodeActionProvider",
			uri,
			problem.range,
		);
		return actions.map(({ title }) => title);
	}
});
