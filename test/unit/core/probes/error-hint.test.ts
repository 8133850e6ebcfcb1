/** Hints on exceptions: each text as CPython 3.11 to 3.13 prints it in a failing test. */
import { expect, test } from "vitest";
import { withErrorHints } from "../../../../src/core/probes/error-hint.ts";
import { failingTest } from "../../../fakes/reports.ts";

const COUNTS = { passed: 0, failed: 1, skipped: 0, errors: 0 };

function hintOn(message: string, hint?: string): string | undefined {
	const finding = { ...failingTest("test_a.py::test_f", message), ...(hint === undefined ? {} : { hint }) };
	const judgement = withErrorHints({ status: "findings", findings: [finding], counts: COUNTS });
	return judgement.status === "findings" ? judgement.findings[0]?.hint : undefined;
}

test.each([
	["TypeError: 'tuple' object does not support item assignment", "items[-1] = (first, second)"],
	["TypeError: 'str' object does not support item assignment", "build a new one"],
	["TypeError: unhashable type: 'list'", "A list can be no key"],
	["RuntimeError: dictionary changed size during iteration", "list(items)"],
	["TypeError: 'NoneType' object is not iterable", "returns nothing"],
	["AttributeError: 'NoneType' object has no attribute 'strip'", "returns nothing"],
	["TypeError: unsupported operand type(s) for +: 'NoneType' and 'int'", "returns nothing"],
	["TypeError: unsupported operand type(s) for +=: 'int' and 'NoneType'", "returns nothing"],
	['TypeError: can only concatenate str (not "int") to str', "str(value)"],
	[
		"UnboundLocalError: cannot access local variable 'total' where it is not associated with a value",
		"total gets a value",
	],
	["UnboundLocalError: local variable 'total' referenced before assignment", "total gets a value"],
	["TypeError: unsupported operand type(s) for +=: 'datetime.date' and 'int'", "timedelta(days=1)"],
	["TypeError: unsupported operand type(s) for -: 'datetime.datetime' and 'float'", "timedelta(days=1)"],
	["TypeError: unsupported operand type(s) for +: 'int' and 'str'", "int(value)"],
	["TypeError: '<' not supported between instances of 'str' and 'int'", "int(value)"],
	["TypeError: 'generator' object is not subscriptable", "list(values)"],
	["TypeError: 'dict_keys' object is not subscriptable", "list(values)"],
	["TypeError: object of type 'generator' has no len()", "list(values)"],
	["TypeError: 'set' object is not subscriptable", "sorted(values)[0]"],
	["TypeError: 'int' object is not iterable", "range(number)"],
	["TypeError: 'list' object is not callable", "another name, such as self._items"],
	["ZeroDivisionError: division by zero", "empty list"],
	["ZeroDivisionError: integer division or modulo by zero", "empty list"],
	["KeyError: 'a'", "values.get(key, default)"],
	["RecursionError: maximum recursion depth exceeded", "ends the recursion"],
	["TypeError: price() missing 1 required positional argument: 'rate'", "each call of price"],
	["TypeError: Cart.price() got an unexpected keyword argument 'rate'", "The signature of Cart.price"],
])("%s", (message, words) => {
	expect(hintOn(message)).toContain(words);
});

test("nothing is said of other failures, nor over a hint that is there", () => {
	expect(hintOn("AssertionError: assert 1 == 2")).toBeUndefined();
	expect(hintOn("TypeError: unsupported operand type(s) for +: 'Price' and 'int'")).toBeUndefined();
	expect(hintOn("TypeError: unhashable type: 'list'", "its own")).toBe("its own");
});
