/** What a browser does with links, redirects, cookies and forms; no script. */
export interface Browser {
  /** Follows redirects; `page` is the text that the last response has. */
  open(url: string): Promise<Shown>;
  /** Sends a form of the page shown last, with the origin of that page. */
  submit(action: string, fields: Record<string, string>, origin?: string): Promise<Shown>;
  /** The cookies of a host and port, as the browser keeps them. */
  cookies(url: string): ReadonlyMap<string, Cookie>;
  forget(): void;
}

export interface Shown {
  url: string;
  status: number;
  headers: Headers;
  page: string;
}

interface Cookie {
  value: string;
  attributes: string;
}

const MOST_REDIRECTS = 10;

export function browser(): Browser {
  let jar = new Map<string, Map<string, Cookie>>();
  let at = 'about:blank';

  const kept = (url: string) => {
    const { host } = new URL(url);
    const ofHost = jar.get(host) ?? new Map<string, Cookie>();
    jar.set(host, ofHost);
    return ofHost;
  };

  function keep(url: string, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const name = pair.slice(0, pair.indexOf('='));
      if (attributes.includes('Max-Age=0')) kept(url).delete(name);
      else kept(url).set(name, { value: pair.slice(name.length + 1), attributes: attributes.join('; ') });
    }
  }

  async function go(first: string, init: RequestInit): Promise<Shown> {
    let [url, request] = [first, init];
    for (let n = 0; n < MOST_REDIRECTS; n += 1) {
      const cookie = [...kept(url)].map(([name, { value }]) => `${name}=${value}`).join('; ');
      const headers = { ...(request.headers as Record<string, string>), ...(cookie !== '' && { cookie }) };
      const response = await fetch(url, { ...request, headers, redirect: 'manual' });
      keep(url, response.headers);
      at = url;
      const location = response.headers.get('location');
      if (location === null)
        return { url, status: response.status, headers: response.headers, page: await response.text() };
      url = new URL(location, url).href;
      request = {};
    }
    throw new Error(`too many redirects: ${url}`);
  }

  return {
    open: (url) => go(url, {}),
    submit: (action, fields, origin = new URL(at).origin) =>
      go(new URL(action, at).href, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      }),
    cookies: kept,
    forget: () => {
      jar = new Map();
    },
  };
}

/** The value of a hidden field of a page. */
export const hidden = (page: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
