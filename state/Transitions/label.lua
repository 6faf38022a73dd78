-- label: replaces the labels that listings ask for; allowed in every state. ARGV 3 labels.
if not state then return answer('missing') end
if (get('labels') or '') == ARGV[3] then return answer('ok') end
return commit('labels', ARGV[3])
