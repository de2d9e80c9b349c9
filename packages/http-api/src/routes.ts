import {
  createFileRegistry,
  type DescMessage,
  type DescMethod,
  type FileRegistry,
  fromBinary,
  ScalarType,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/**
 * How a method travels over HTTP:
 * - `call`: JSON there and back
 * - `stream`: JSON there, messages back as Server-Sent Events or JSON lines
 * - `download`: JSON there, the bytes of a file back
 * - `lines`: JSON lines there, JSON back
 * - `upload`: a file there, which may be resumed, JSON back
 */
export type Form = 'call' | 'stream' | 'download' | 'lines' | 'upload';

export interface Route {
  /** `/package.Service/Method`, in HTTP as in gRPC. */
  path: string;
  method: DescMethod;
  form: Form;
}

export interface Contracts {
  /** Finds every message by its name. */
  registry: FileRegistry;
  routes: ReadonlyMap<string, Route>;
}

/** The platform's own packages; health and reflection are for tools that speak gRPC. */
const OWN = 'lienthong.';

/** @param descriptors the FileDescriptorSet of the contracts */
export function readContracts(descriptors: Uint8Array): Contracts {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  const methods = [...registry.files]
    .flatMap((file) => file.services)
    .filter(({ typeName }) => typeName.startsWith(OWN))
    .flatMap((service) => service.methods);
  const routes = methods.map((method): Route => {
    const path = `/${method.parent.typeName}/${method.name}`;
    return { path, method, form: formOf(method) };
  });
  return { registry, routes: new Map(routes.map((route) => [route.path, route])) };
}

function formOf(method: DescMethod): Form {
  switch (method.methodKind) {
    case 'unary':
      return 'call';
    case 'server_streaming':
      return contentOf(method.output) ? 'download' : 'stream';
    case 'client_streaming':
      return contentOf(method.input) ? 'upload' : 'lines';
    case 'bidi_streaming':
      throw new Error(`${method.parent.typeName}/${method.name}: HTTP has no form for streams both ways`);
  }
}

/** The field of a streamed message that carries a part of a file. */
export const contentOf = ({ fields }: DescMessage) =>
  fields.find((field) => field.fieldKind === 'scalar' && field.scalar === ScalarType.BYTES);
