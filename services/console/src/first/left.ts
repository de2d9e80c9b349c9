/**
 * A cookie from signing out until the next sign-in, on a page without scripts too: the application then shows nothing of
 * what this browser keeps. It says nothing of anybody.
 */
export const LEFT = 'lienthong-left';
