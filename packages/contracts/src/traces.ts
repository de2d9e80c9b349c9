export * from './gen/lienthong/traces/v1/service.ts';
