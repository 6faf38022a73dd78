-- wake: a request wants an actor that is being suspended. The node sees it and aborts, or the actor is activated again afterwards.
if not state then return answer('missing') end
if not in_transit() then return answer('state') end
if get('wake') == '1' then return answer('ok') end
return commit('wake', '1')
