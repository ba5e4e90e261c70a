/** Names of variables of the environment that change what httpyac does. */
export const HTTPYAC_ENVIRONMENT = [
  'HTTPYAC_ENV',
  'HTTPYAC_PLUGIN',
  'httpProxy',
  'http_proxy',
  'https_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
];
