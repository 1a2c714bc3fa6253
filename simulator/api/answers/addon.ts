import { fitsSetting, settingsOf, type Setting } from '../../platform/manifest.ts';
import type { Installation, SettingValue } from '../../platform/state.ts';
import type { AnswerTable, Caller, Context } from '../context.ts';
import { bytes, json, refuse, type Reply } from '../reply.ts';
import { findOne, isRow } from '../rows.ts';

/** What add-ons alone may call: token exchange and their own settings. */
export const addonAnswers: AnswerTable = {
  exchangeUserToken: { kind: 'other', members: 'never', reply: replyUserToken },
  getAddonSettings: { kind: 'other', reply: ({ caller }) => json(presentSettings(addonOf(caller))) },
  updateAddonSettings: { kind: 'other', members: 'never', reply: updateSettings },
};

function replyUserToken(context: Context): Reply {
  if (context.caller.kind !== 'installation') throw refuse(401, 4017, 'Installation token required');
  const user = findOne('users', 'userId')(context);
  return bytes(context.mintUserToken(String(user['id'])), 'text/plain');
}

function addonOf({ installation }: Caller): Installation {
  if (installation === null) throw refuse(401, 1000, 'Full authentication is required');
  return installation;
}

function updateSettings({ caller, body }: Context): Reply {
  if (!Array.isArray(body)) throw refuse(400, 3002, 'a list of settings is expected');
  const installation = addonOf(caller);
  storeSettings(installation, body);
  return json(presentSettings(installation));
}

/** Stores `[{id, value}]` whole or, when one of them is unknown or of the wrong type, not at all (400 code 3000). */
export function storeSettings(installation: Installation, changes: readonly unknown[]): void {
  const known = new Map(settingsOf(installation.manifest).map((setting) => [setting.id, setting]));
  const accepted = changes.map((change) => readChange(change, known));
  for (const [id, value] of accepted) installation.settings.set(id, value);
}

function readChange(change: unknown, known: ReadonlyMap<string, Setting>): readonly [string, SettingValue] {
  if (!isRow(change)) throw refuse(400, 3002, 'a setting must be an object');
  const setting = known.get(String(change['id']));
  if (setting === undefined || !fitsSetting(setting, change['value'])) {
    throw refuse(400, 3000, `setting ${String(change['id'])} is unknown or has a wrong value`);
  }
  return [setting.id, change['value'] as SettingValue];
}

/** The manifest's tabs with the values of this installation in place. */
function presentSettings({ manifest, settings }: Installation): unknown {
  if (manifest.settings === undefined || typeof manifest.settings === 'string') return { tabs: [] };
  const withValue = (setting: Setting) => ({ ...setting, value: settings.get(setting.id) ?? setting.value });
  return {
    tabs: manifest.settings.tabs.map((tab) => ({
      ...tab,
      ...(tab.settings !== undefined && { settings: tab.settings.map(withValue) }),
      ...(tab.groups !== undefined && {
        groups: tab.groups.map((group) => ({ ...group, settings: group.settings.map(withValue) })),
      }),
    })),
  };
}
