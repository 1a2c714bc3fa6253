import type Router from '@koa/router';
import type { ViewerState } from './middleware/require-admin.ts';
import type { BodyState, JsonState } from './state.ts';

/** The router behind the gate of the sidebar: the viewer and the installation are known. */
export type WorkspaceRouter = Router<ViewerState & BodyState & JsonState>;
