/** Ids of commands, settings, context keys and views: the one table; a test holds it against package.json. */

export const COMMANDS = {
	runTask: "jetbox.runTask",
	planTask: "jetbox.planTask",
	taskFromTemplate: "jetbox.taskFromTemplate",
	openSample: "jetbox.openSample",
	taskFromFile: "jetbox.taskFromFile",
	taskFromTest: "jetbox.taskFromTest",
	taskFromChanges: "jetbox.taskFromChanges",
	fixProblems: "jetbox.fixProblems",
	fixFile: "jetbox.fixFile",
	stop: "jetbox.stop",
	probe: "jetbox.probe",
	selectModel: "jetbox.selectModel",
	checkSetup: "jetbox.checkSetup",
	showLog: "jetbox.showLog",
	undo: "jetbox.undo",
	undoRound: "jetbox.undoRound",
	setApiKey: "jetbox.setApiKey",
	benchmark: "jetbox.benchmark",
	showBenchmark: "jetbox.showBenchmark",
	allowNetwork: "jetbox.allowNetwork",
	reviewRun: "jetbox.reviewRun",
	showChanges: "jetbox.showChanges",
	showFileChanges: "jetbox.showFileChanges",
	keepFile: "jetbox.keepFile",
	undoFile: "jetbox.undoFile",
	showHistory: "jetbox.showHistory",
	exportRun: "jetbox.exportRun",
	chooseFolder: "jetbox.chooseFolder",
} as const;

export const VIEWS = { container: "jetbox", sidebar: "jetbox.sidebar" } as const;

export const CONTEXT_KEYS = {
	running: "jetbox.running",
	canUndo: "jetbox.canUndo",
	hasChanges: "jetbox.hasChanges",
	hasHistory: "jetbox.hasHistory",
	touchedFiles: "jetbox.touchedFiles",
	reviewWaiting: "jetbox.reviewWaiting",
} as const;

/** Keys below the section `jetbox`. */
export const SETTINGS = {
	server: "server",
	model: "model",
	backend: "backend",
	protocol: "protocol",
	contextLength: "contextLength",
	keepAlive: "keepAlive",
	warmUp: "warmUp",
	connectSeconds: "limits.connectSeconds",
	loadSeconds: "limits.loadSeconds",
	idleSeconds: "limits.idleSeconds",
	totalSeconds: "limits.totalSeconds",
	maxRounds: "maxRounds",
	maxMinutes: "maxMinutes",
	approve: "approve",
	sandbox: "sandbox",
	networkFolders: "networkFolders",
	pythonPath: "pythonPath",
	ruffPath: "ruffPath",
	probeOnSave: "probeOnSave",
	notify: "notify",
	showRuffProblems: "showRuffProblems",
	pytestTimeout: "pytestTimeout",
	ruffEnabled: "probe.ruff",
	pytestEnabled: "probe.pytest",
	cacheEnabled: "probe.cache",
	parallel: "probe.parallel",
	lintChangedOnly: "probe.lintChangedOnly",
	affectedTests: "probe.affectedTests",
	residentLint: "probe.residentLint",
	defaultSelect: "probe.defaultSelect",
	skipPytestWithoutTests: "probe.skipPytestWithoutTests",
	workers: "probe.workers",
	memoryLimit: "probe.memoryLimit",
} as const;

export const SECTION = "jetbox";

/** Settings that choose a host, an executable or a permission: only the person's own value counts, never a repository's (threats.md P3). */
export const OWN_VALUE_ONLY: readonly string[] = [
	SETTINGS.server,
	SETTINGS.model,
	SETTINGS.backend,
	SETTINGS.protocol,
	SETTINGS.contextLength,
	SETTINGS.keepAlive,
	SETTINGS.approve,
	SETTINGS.sandbox,
	SETTINGS.networkFolders,
	SETTINGS.pythonPath,
	SETTINGS.ruffPath,
	SETTINGS.workers,
	SETTINGS.memoryLimit,
];
