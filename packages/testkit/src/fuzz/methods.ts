import {
  createFileRegistry,
  type DescField,
  type DescMessage,
  type DescMethod,
  fromBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

export type { DescField, DescMethod };

export interface Described {
  methods: readonly DescMethod[];
  messageOf(typeName: string): DescMessage;
}

/** Every method of every service among the descriptors. */
export function describeMethods(descriptors: Uint8Array): Described {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors));
  return {
    methods: [...registry.files].flatMap((file) => file.services.flatMap((service) => service.methods)),
    messageOf(typeName) {
      const type = registry.getMessage(typeName);
      if (type === undefined) throw new Error(`${typeName} is not among the descriptors`);
      return type;
    },
  };
}
