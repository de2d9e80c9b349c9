import type { MigrationSet } from '@lienthong/kit';

/** The tables of the copies, for a service's `migrations`; not for the directory, whose own tables have these names. */
export const referenceDataMigrations: MigrationSet = {
  name: 'reference-data',
  folder: new URL('../migrations/', import.meta.url),
};
