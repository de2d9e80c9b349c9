export * from './gen/lienthong/common/v1/common.ts';
