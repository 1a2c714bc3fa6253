import { Secret } from '../../src/platform/secret.ts';

const name = 'CLOCKIFY_API_KEY';

/**
 * Takes the key out of the environment, so that no process started later inherits it. Throws when it is absent, could
 * not be a header, or was given as an argument as well, where the whole machine can read it.
 */
export function takeApiKey(env: NodeJS.ProcessEnv, args: readonly string[]): Secret {
  const key = env[name]?.trim();
  delete env[name];
  if (key === undefined || key === '') {
    throw new Error(`Set ${name} to your API key: in Clockify under Preferences, Advanced, "Manage API keys".`);
  }
  if (!/^[\x21-\x7e]{1,512}$/.test(key)) throw new Error(`${name} does not hold an API key.`);
  if (args.some((argument) => argument.includes(key))) {
    throw new Error('The key stands among the arguments, where others can read it: make a new one in Clockify.');
  }
  return new Secret(key);
}
