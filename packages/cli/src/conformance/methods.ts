import * as audit from '@lienthong/contracts/audit';
import * as casework from '@lienthong/contracts/casework';
import * as directory from '@lienthong/contracts/directory';
import * as feed from '@lienthong/contracts/feed';
import * as notification from '@lienthong/contracts/notification';
import * as operations from '@lienthong/contracts/operations';
import * as registry from '@lienthong/contracts/registry';
import * as routing from '@lienthong/contracts/routing';

export interface Method {
  requestType: { decode(bytes: Uint8Array): object; toJSON(message: never): unknown };
  requestStream: boolean;
  responseStream: boolean;
}

interface Definition {
  fullName: string;
  methods: Readonly<Record<string, Method & { name: string }>>;
}

const packages: object[] = [audit, casework, directory, feed, notification, operations, registry, routing];
const isDefinition = (one: unknown): one is Definition =>
  typeof one === 'object' && one !== null && 'fullName' in one && 'methods' in one;

/** Every method of the platform by its path, `/package.Service/Method`. */
export const methods: ReadonlyMap<string, Method> = new Map(
  packages
    .flatMap((one): unknown[] => Object.values(one))
    .filter(isDefinition)
    .flatMap(({ fullName, methods }) =>
      Object.values(methods).map((method) => [`/${fullName}/${method.name}`, method] as const),
    ),
);
