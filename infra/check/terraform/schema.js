// Prints the schema of the Terraform resources named, as the npm package @cdktf/provider-google has them: node schema.js FOLDER cloud_run_v2_service …
const fs=require('fs'),path=require('path'),Module=require('module');
const any=()=>new Proxy(function(){},{get:(t,k)=>k===Symbol.toPrimitive?()=>'x':k===Symbol.iterator?function*(){}:any(),apply:()=>any()});
class Base{constructor(){}}
const leaf=k=>()=>({__leaf:k});
const cdktf={canInspect:()=>true,isComplexElement:()=>false,Tokenization:{isResolvable:()=>false},ComplexObject:Base,ComplexList:Base,ComplexMap:Base,TerraformResource:Base,TerraformDataSource:Base,
 stringToHclTerraform:leaf('string'),numberToHclTerraform:leaf('number'),booleanToHclTerraform:leaf('bool'),hashMapperHcl:()=>()=>({__leaf:'map'}),
 listMapperHcl:(f,isBlock)=>()=>{const r=f(any());return r&&r.__leaf?{__leaf:'list:'+r.__leaf}:r;},stringToTerraform:()=>0,numberToTerraform:()=>0,booleanToTerraform:()=>0,listMapper:()=>()=>0,hashMapper:()=>()=>0,listMapperHclFor:0};
const orig=Module._load;Module._load=function(r,...a){if(r==='cdktf')return cdktf;if(r==='constructs')return{};return orig.call(this,r,...a)};
const [,,root,...want]=process.argv;const out={};
const snake=s=>s.replace(/[A-Z]/g,c=>'_'+c.toLowerCase());
for(const w of want){
 const dir=path.join(root,'lib',w.replace(/_/g,'-'));const mod=require(path.resolve(dir,'index.js'));
 const cls=Object.values(mod).find(c=>typeof c==='function'&&c.tfResourceType==='google_'+w);
 const dts=fs.readFileSync(path.join(dir,'index.d.ts'),'utf8');const js=fs.readFileSync(path.join(dir,'index.js'),'utf8');
 // required / max from d.ts: interface NAME { readonly x?: T }
 const ifs={};for(const m of dts.matchAll(/export interface (\w+)(?: extends [\w.]+)? \{([\s\S]*?)\n\}/g)){const f={};for(const p of (m[2]+'\n').matchAll(/readonly (\w+)(\??): ([\s\S]*?);\n/g))f[p[1]]={opt:p[2]==='?',t:p[3]};ifs[m[1]]=f}
 const links={};for(const m of dts.matchAll(/docs\/resources\/\S+#(\w+) [\s\S]*?readonly (\w+)\??:/g))links[m[2]]=m[1];
 const self=new Proxy(Object.create(cls.prototype),{get:(t,k)=>k in cls.prototype&&k==='synthesizeHclAttributes'?cls.prototype[k]:any()});
 const walk=(attrs,ifn)=>{const b={attributes:{},block_types:{}};const f=ifs[ifn]||{};const bySnake={};for(const k in f)bySnake[(links[k]&&links[k].toLowerCase()===snake(k)?links[k]:snake(k))]=f[k];
  for(const[n,a]of Object.entries(attrs)){const info=bySnake[n]||{opt:true,t:''};
   if(a.isBlock){const sub=(info.t.match(/(\w+)(?:\[\])?/)||[])[1];const r=walk(a.value,sub);b.block_types[n]={nesting_mode:a.type==='struct'?'single':a.type==='set'?'set':'list',block:r,min_items:info.opt?0:1,max_items:/\[\]/.test(info.t)||a.type==='set'?0:1};if(b.block_types[n].nesting_mode==='single')b.block_types[n].nesting_mode=n==='timeouts'?'single':'list';if(n==='timeouts'){b.block_types[n].min_items=0;b.block_types[n].max_items=0}}
   else{const T={string:'string',number:'number',boolean:'bool',stringList:['list','string'],numberList:['list','number'],stringMap:['map','string']}[a.storageClassType];let t=T||'string';if(a.type==='set'&&Array.isArray(t))t=['set',t[1]];if(a.type==='map'&&!T)t=['map','string'];b.attributes[n]={type:t};if(info.opt){b.attributes[n].optional=true;b.attributes[n].computed=true}else b.attributes[n].required=true}}
  return b};
 const top=cls.prototype.synthesizeHclAttributes.call(self);
 const name=Object.keys(ifs).find(i=>i.endsWith('Config')&&new RegExp('constructor\\(scope: Construct, id: string, config\\??: '+i+'\\)').test(dts))||Object.keys(ifs)[0];
 const blk=walk(top,name);
 const body=js.slice(js.lastIndexOf('tfResourceType ='));
 for(const m of js.slice(js.indexOf('class '+cls.name+' extends')).matchAll(/get (\w+)\(\) \{\s*return this\.get(String|Number|Boolean|List)Attribute\('(\w+)'\)/g)){const n=m[3];if(!blk.attributes[n]&&!blk.block_types[n])blk.attributes[n]={type:{String:'string',Number:'number',Boolean:'bool',List:['list','string']}[m[2]],computed:true}}
 if(!blk.attributes.id)blk.attributes.id={type:'string',optional:true,computed:true};
 out['google_'+w]={version:0,block:blk};
}
console.log(JSON.stringify({provider:{version:0,block:{attributes:{project:{type:'string',optional:true},region:{type:'string',optional:true},zone:{type:'string',optional:true}}}},resource_schemas:out,data_source_schemas:{}}));
