// Asks the server, which is the only one that is ever asked.

const getJson = async (path) => {
  const response = await fetch(path);
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
};

export const getVersion = async () => (await getJson('api/version')).version;
export const getProject = () => getJson('api/project');
export const getRows = (metric, limit) => getJson(`api/rows/${encodeURIComponent(metric)}?limit=${limit}`);
export const getRefused = (table) => getJson(`api/refused/${encodeURIComponent(table)}`);
