import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '../../..');
export const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The services that own data: containers and chart install each of them. */
export const serviceNames: readonly string[] = readdirSync(join(root, 'services')).filter((name) =>
  existsSync(join(root, 'services', name, 'migrations')),
);

/** Those that serve the API of the others in other forms: callers of the gateway, without a database. */
export const doorNames: readonly string[] = ['rest-gateway', 'console', 'edxml-gateway'];

/** A container as a compose file describes it, as far as the tests read it. */
export interface Container {
  image?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: readonly string[];
  cap_add?: readonly string[];
  security_opt?: readonly string[];
  command?: readonly string[];
  entrypoint?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  ports?: readonly string[];
  volumes?: readonly string[];
  networks?: readonly string[] | Readonly<Record<string, { ipv4_address: string }>>;
  depends_on?: Readonly<Record<string, { condition: string }>>;
  scale?: number;
  profiles?: readonly string[];
}

export interface ComposeFile {
  services: Readonly<Record<string, Container>>;
  networks?: Readonly<
    Record<
      string,
      { internal?: boolean; ipam?: { config: readonly { subnet: string; ip_range: string }[] } } | null
    >
  >;
  volumes?: Readonly<Record<string, object>>;
}

const VARIABLE = /\$\{([A-Z_]+):-([^}]*)\}/g;

/** A compose file as Docker takes it with these variables. */
export const composeFile = (
  file: string,
  variables: Readonly<Record<string, string | undefined>> = {},
): ComposeFile =>
  parse(
    read(file).replaceAll(VARIABLE, (_, name: string, value: string) => variables[name] || value),
    { merge: true },
  );

/** The variables that a compose file lets the operator set. */
export const variablesOf = (file: string): string[] =>
  [...read(file).matchAll(VARIABLE)].map(([, name]) => name as string);
