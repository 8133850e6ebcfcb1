/**
 * The English texts that the core and the adapters tell people: values of certain properties, what a `UserError` says, and what
 * functions named `...Words` return. A template's places become `{0}`, `{1}`, ..., as in `vscode.l10n`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { parseAst } from "vite";

const FOLDERS = ["src/core", "src/node"];
/** Words for the model. */
const LEFT_OUT = /\/core\/(?:tools|model\/protocols)\//;
const PROPERTIES = new Set(["reason", "fix", "message", "why", "detail"]);
/** Functions that are told words for people. */
const TOLD = new Set(["onProgress", "onStep", "notRun"]);
const WORDS = /Words$/;
/** A text is more than one word, which may be a name, a state or a code; with fewer letters it fits whatever there is. */
const MIN_LETTERS = 5;

/** @param root of the repository */
export function coreTexts(root) {
	const texts = new Set();
	for (const path of FOLDERS.flatMap((folder) => sourcesIn(join(root, folder)))) {
		const { code } = transformSync(readFileSync(path, "utf8"), { loader: "ts", target: "esnext" });
		visit(parseAst(code), (node) => {
			for (const told of toldIn(node)) collect(told, texts);
		});
	}
	return [...texts];
}

function sourcesIn(folder) {
	return readdirSync(folder, { recursive: true })
		.filter((name) => name.endsWith(".ts"))
		.map((name) => join(folder, name))
		.filter((path) => !LEFT_OUT.test(path));
}

/** The expressions of a node that people get to read. */
function toldIn(node) {
	switch (node.type) {
		case "Property":
			return !node.computed && PROPERTIES.has(node.key.name ?? node.key.value) ? [node.value] : [];
		case "CallExpression":
			return TOLD.has(node.callee.name) ? node.arguments : [];
		case "NewExpression":
			return node.callee.name === "UserError" ? node.arguments.slice(1, 3) : [];
		case "FunctionDeclaration":
			return WORDS.test(node.id?.name ?? "") ? returnedBy(node.body) : [];
		default:
			return [];
	}
}

function returnedBy(body) {
	const returned = [];
	visit(body, (node) => {
		if (node.type === "ReturnStatement" && node.argument !== null) returned.push(node.argument);
		if (node.type === "CallExpression" && node.callee.property?.name === "push") returned.push(...node.arguments);
		if (node.type === "VariableDeclarator" && node.init !== null) returned.push(node.init);
	});
	return returned;
}

/** Literals of an expression, also within the places of a template; a function's body is no part of it. */
function collect(node, texts) {
	const text = textOf(node);
	if (text !== null && isText(text)) texts.add(text);
	if (node.type === "BlockStatement") return;
	// What is compared is no text.
	if (node.type === "BinaryExpression" && node.operator !== "+") return;
	if (node.type === "ConditionalExpression") {
		collect(node.consequent, texts);
		collect(node.alternate, texts);
		return;
	}
	for (const child of childrenOf(node)) collect(child, texts);
}

function isText(text) {
	return /\S.* |^ /su.test(text) && (text.match(/\p{L}/gu) ?? []).length >= MIN_LETTERS;
}

function textOf(node) {
	if (node.type === "Literal") return typeof node.value === "string" ? node.value : null;
	if (node.type !== "TemplateLiteral") return null;
	return node.quasis.map(({ value }, index) => (index === 0 ? "" : `{${index - 1}}`) + value.cooked).join("");
}

function visit(node, act) {
	act(node);
	for (const child of childrenOf(node)) visit(child, act);
}

function childrenOf(node) {
	return Object.values(node)
		.flat()
		.filter((value) => typeof value?.type === "string");
}
