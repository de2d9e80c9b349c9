export * from './gen/lienthong/feed/v1/service.ts';
