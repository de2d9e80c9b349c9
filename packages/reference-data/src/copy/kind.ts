/**
 * One kind of reference data and how its copy is stored. The table has the columns id, version, record and
 * revision, and `<table>_revision` holds the number of its last change.
 */
export interface Kind<T> {
  table: string;
  codec: { encode(record: T): { finish(): Uint8Array }; decode(bytes: Uint8Array): T };
}

export interface Copy<T> {
  /** UUID. */
  id: string;
  /** Grows with every event of the record's aggregate. */
  version: number;
  record: T;
}
