/** Guards made of guards: what was read from a file is one of our values, or it is nothing. */
import { isRecord } from "../json-record.ts";

export type Guard<T> = (value: unknown) => value is T;

export const isText: Guard<string> = (value) => typeof value === "string";
export const isNumber: Guard<number> = (value): value is number => typeof value === "number" && Number.isFinite(value);
export const isCount: Guard<number> = (value): value is number =>
	Number.isSafeInteger(value) && isNumber(value) && value >= 0;
export const isFlag: Guard<boolean> = (value) => typeof value === "boolean";
export const isTrue: Guard<true> = (value) => value === true;

export function isOneOf<T extends string | number>(...known: readonly T[]): Guard<T> {
	return (value): value is T => known.some((one) => one === value);
}

/** @param known one entry a value, so that a value that is added to the type must be added here */
export function isKeyOf<T extends string>(known: Readonly<Record<T, true>>): Guard<T> {
	return (value): value is T => typeof value === "string" && Object.hasOwn(known, value);
}

export function isOrNull<T>(guard: Guard<T>): Guard<T | null> {
	return (value): value is T | null => value === null || guard(value);
}

export function isAbsentOr<T>(guard: Guard<T>): Guard<T | undefined> {
	return (value): value is T | undefined => value === undefined || guard(value);
}

export function isListOf<T>(guard: Guard<T>): Guard<readonly T[]> {
	return (value): value is readonly T[] => Array.isArray(value) && value.every((item) => guard(item));
}

export function isEither<A, B>(first: Guard<A>, second: Guard<B>): Guard<A | B> {
	return (value): value is A | B => first(value) || second(value);
}

/** An object with at least these fields, all of its own. */
export function isShaped<T>(fields: { readonly [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
	return (value): value is T => {
		if (!isRecord(value)) return false;
		for (const name in fields) {
			const field: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
			if (!fields[name](field)) return false;
		}
		return true;
	};
}
