/**
 * The provider's configuration (OpenID Connect Discovery 1.0, 3).
 * @param issuer its name
 * @param url where it listens
 */
export const discoveryOf = (issuer: string, url: string) => ({
  issuer,
  jwks_uri: `${url}/jwks`,
  authorization_endpoint: `${url}/authorize`,
  token_endpoint: `${url}/token`,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none'],
  scopes_supported: ['openid'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['EdDSA'],
  authorization_response_iss_parameter_supported: true,
});
