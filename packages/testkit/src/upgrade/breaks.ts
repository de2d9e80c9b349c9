import type { Catalog, Column } from './catalog.ts';

/**
 * In words, what between two catalogs can make a program fail that was written for the first one, or keep its calls
 * waiting while the change is made.
 */
export const breaksBetween = (before: Catalog, after: Catalog): string[] => [
  ...tableBreaks(before, after),
  ...columnBreaks(before, after),
  ...constraintBreaks(before, after),
  ...indexBreaks(before, after),
  ...triggerBreaks(before, after),
  ...functionBreaks(before, after),
];

function* tableBreaks(before: Catalog, after: Catalog): Generator<string> {
  for (const [table, was] of before.tables) {
    const is = after.tables.get(table);
    if (is === undefined) yield `drops ${table}`;
    else if (is.rowSecurity && !was.rowSecurity) yield `hides rows of ${table} by row security`;
    else if (is.file !== was.file)
      yield `writes every row of ${table} again, under a lock that lets nobody read it`;
  }
}

function* columnBreaks(before: Catalog, after: Catalog): Generator<string> {
  for (const [name, was] of before.columns) {
    const is = after.columns.get(name);
    if (is !== undefined) yield* changes(name, was, is);
    else if (after.tables.has(was.table)) yield `drops the column ${name}`;
  }
  for (const [name, is] of after.columns) {
    if (!before.tables.has(is.table) || before.columns.has(name)) continue;
    if (is.notNull && !is.hasDefault) yield `adds the column ${name}, which inserts must give a value`;
    const column = name.slice(is.table.length);
    const others = [...before.columns].filter(([other, { table }]) => other === table + column);
    const tables = others.map(([, { table }]) => table).join(', ');
    if (tables !== '')
      yield `adds the column ${name}: queries that join ${tables} can name it without its table`;
  }
}

function* changes(name: string, was: Column, is: Column): Generator<string> {
  if (is.type !== was.type) yield `makes ${name} ${is.type}, which was ${was.type}`;
  if (is.notNull && !was.notNull) yield `forbids null in ${name}`;
  if (is.notNull && was.hasDefault && !is.hasDefault) yield `takes the default from ${name}`;
  if (is.generated && !was.generated) yield `computes ${name}, which inserts gave a value`;
}

function* constraintBreaks(before: Catalog, after: Catalog): Generator<string> {
  // What is unique is what an "on conflict" names.
  for (const [key, { table, definition }] of before.constraints)
    if (
      after.tables.has(table) &&
      !after.constraints.has(key) &&
      /^(PRIMARY|UNIQUE|EXCLUDE)/.test(definition)
    )
      yield `drops from ${table}: ${definition}`;
  for (const [key, { table, definition }] of after.constraints)
    if (before.tables.has(table) && !before.constraints.has(key)) yield `demands of ${table}: ${definition}`;
}

function* indexBreaks(before: Catalog, after: Catalog): Generator<string> {
  for (const [key, { table, definition }] of before.indexes)
    if (after.tables.has(table) && !after.indexes.has(key))
      yield `drops the index of ${table} by ${definition}`;
  for (const [key, { table, definition, unique }] of after.indexes) {
    if (!before.tables.has(table) || before.indexes.has(key)) continue;
    if (unique) yield `demands of ${table}: unique by ${definition}`;
    yield `lets nobody write ${table} while it builds the index by ${definition}`;
  }
}

function* triggerBreaks(before: Catalog, after: Catalog): Generator<string> {
  for (const [name, { table, definition }] of before.triggers)
    if (after.tables.has(table) && after.triggers.get(name)?.definition !== definition)
      yield `drops or changes the trigger ${name}`;
  for (const [name, { table }] of after.triggers)
    if (before.tables.has(table) && !before.triggers.has(name))
      yield `adds the trigger ${name}, which can refuse rows`;
}

function* functionBreaks(before: Catalog, after: Catalog): Generator<string> {
  for (const [name, { definition }] of before.functions) {
    const is = after.functions.get(name);
    if (is === undefined) yield `drops the function ${name}`;
    else if (is.definition !== definition) yield `changes the function ${name}`;
  }
}
